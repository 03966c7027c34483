import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { applyOptions, type PanelOptions } from './panel-options.ts';
import { statTarget } from './target.ts';
import { NO_THRESHOLDS, type ThresholdSteps, thresholds } from './thresholds.ts';

interface StatOptions extends PanelOptions {
  /** Shown where the query has no answer. */
  readonly empty: string;
  readonly steps?: ThresholdSteps;
  readonly mappings?: ValueMapping[];
  readonly decimals?: number;
}

/**
 * Figures in large print, name beside each where there are several. Asked for as of now: the last point of a graph would
 * go on showing a figure of an hour ago for a service that has stopped.
 */
export function stat(look: StatOptions, figures: Record<string, string>): PanelBuilder {
  const panel = applyOptions(new PanelBuilder(), look, 4)
    .noValue(look.empty)
    .thresholds(thresholds(look.steps ?? NO_THRESHOLDS))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(Object.keys(figures).length > 1 ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false));
  if (look.mappings) panel.mappings(look.mappings);
  if (look.decimals !== undefined) panel.decimals(look.decimals);
  for (const [index, [name, expr]] of Object.entries(figures).entries())
    panel.withTarget(statTarget(expr, name, index));
  return panel;
}
