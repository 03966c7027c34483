import { log } from '../base/log.ts';
import { isLabelName, type LabelFunction, type LabelSources } from './labels.ts';

interface SplitLabels {
  /** What the variable can say, too; undefined where there is nothing of it. */
  readonly texts: LabelSources | undefined;
  readonly functions: Readonly<Record<string, LabelFunction>>;
}

/** Splits the option `labels`: functions have no text, so they are checked here and not by the row of the variable. */
export function splitLabels(option: unknown): SplitLabels {
  if (typeof option !== 'object' || option === null || Array.isArray(option)) {
    return { texts: option as LabelSources | undefined, functions: {} };
  }
  const entries = Object.entries(option);
  const functions = entries.filter(([, source]) => typeof source === 'function');
  const texts = entries.filter(([, source]) => typeof source !== 'function');
  for (const [name] of functions.filter(([name]) => !isLabelName(name))) {
    log.warn(
      `setupApm({ labels }): expected a label name that neither Prometheus nor these metrics use, given ${JSON.stringify(name)}; it is left out`,
      'setting',
    );
  }
  return {
    // Functions alone win over the variable, too.
    texts: entries.length > 0 ? Object.fromEntries(texts) : undefined,
    functions: Object.fromEntries(functions.filter(([name]) => isLabelName(name))),
  };
}
