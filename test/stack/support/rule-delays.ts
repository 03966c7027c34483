import type { PrometheusOptions } from '../../../stack/prometheus.ts';

export const RULES = 'apm.rules.yml';

/**
 * Removes the delays of the rules: alerts fire at once instead of after minutes, so that tests do not wait. Their
 * expressions do not change.
 */
export function removeDelays(options: PrometheusOptions): PrometheusOptions {
  const rules = options.files?.[RULES];
  if (rules === undefined) throw new Error(`the options have no file ${RULES}`);
  const quick = rules.replace(/^( *)for: .*$/gm, '$1for: 0s').replace(/^( *)interval: .*$/gm, '$1interval: 2s');
  return { ...options, files: { ...options.files, [RULES]: quick } };
}
