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
  /** Text for a query without a result. */
  readonly empty: string;
  readonly steps?: ThresholdSteps;
  readonly mappings?: ValueMapping[];
  readonly decimals?: number;
}

/**
 * Large figures, with names where there are several. The queries are instant queries: the last point of a range query
 * would still show an hour-old figure for a service that has stopped.
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
