import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { applyOptions, type PanelOptions } from './panel-options.ts';
import { lineTarget } from './target.ts';
import { type ThresholdSteps, thresholds } from './thresholds.ts';

export interface Line {
  readonly expr: string;
  /** Name in the legend. With labels in it (`{{label}}`) there is a line for each series. */
  readonly name: string;
  readonly colour?: string;
  /** Dashed lines are for comparison: the mean, and earlier data. */
  readonly dashed?: boolean;
}

interface GraphOptions extends PanelOptions {
  readonly stacked?: boolean;
  /** Horizontal lines at these values. */
  readonly steps?: ThresholdSteps;
}

/** Lines over time. The axis starts at 0, because a cut axis exaggerates small changes. */
export function graph(look: GraphOptions, lines: readonly Line[]): PanelBuilder {
  const panel = applyOptions(new PanelBuilder(), look, 8)
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(look.stacked ? 1 : 2)
    .fillOpacity(look.stacked ? 40 : 0)
    .showPoints(VisibilityMode.Never)
    .min(0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (look.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (look.steps) {
    panel
      .thresholds(thresholds(look.steps))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  for (const [index, { expr, name, colour, dashed }] of lines.entries()) {
    const query = lineTarget(expr, name, index);
    panel.withTarget(query);
    const properties: DynamicConfigValue[] = [];
    if (colour) properties.push({ id: 'color', value: { mode: 'fixed', fixedColor: colour } });
    if (dashed) properties.push({ id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } });
    if (dashed) properties.push({ id: 'custom.lineWidth', value: 1 });
    if (properties.length > 0) panel.overrideByQuery(query.build().refId as string, properties);
  }
  return panel;
}
