import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { type Look, looks } from './look.ts';
import { NO_JUDGEMENT, type Steps, thresholds } from './steps.ts';
import { figure } from './target.ts';

interface StatLook extends Look {
  /** Shown where the query has no answer. */
  readonly empty: string;
  readonly steps?: Steps;
  readonly mappings?: ValueMapping[];
  readonly decimals?: number;
}

/**
 * Figures in large print, name beside each where there are several. Asked for as of now: the last point of a graph would
 * go on showing a figure of an hour ago for a service that has stopped.
 */
export function stat(look: StatLook, figures: Record<string, string>): PanelBuilder {
  const panel = looks(new PanelBuilder(), look, 4)
    .noValue(look.empty)
    .thresholds(thresholds(look.steps ?? NO_JUDGEMENT))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(Object.keys(figures).length > 1 ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false));
  if (look.mappings) panel.mappings(look.mappings);
  if (look.decimals !== undefined) panel.decimals(look.decimals);
  for (const [index, [name, expr]] of Object.entries(figures).entries()) panel.withTarget(figure(expr, name, index));
  return panel;
}
