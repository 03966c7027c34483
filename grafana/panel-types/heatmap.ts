import { AxisPlacement, TooltipDisplayMode } from '@grafana/grafana-foundation-sdk/common';
import {
  CellValuesBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  HeatmapTooltipBuilder,
  PanelBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { applyOptions, type PanelOptions } from './panel-options.ts';
import { bucketsTarget } from './target.ts';

/** The buckets of a histogram over time. `unit` is the unit of the bounds; the cells are requests per second. */
export function heatmap(look: PanelOptions, expr: string): PanelBuilder {
  return applyOptions(new PanelBuilder(), look, 8)
    .calculate(false)
    .yAxis(new YAxisConfigBuilder().unit(look.unit).axisPlacement(AxisPlacement.Left))
    .cellValues(new CellValuesBuilder().unit('reqps'))
    .color(
      new HeatmapColorOptionsBuilder()
        .mode(HeatmapColorMode.Scheme)
        .scheme('Oranges')
        .scale(HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(64)
        .fill('dark-orange')
        .reverse(false),
    )
    .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true).showColorScale(true))
    .withTarget(bucketsTarget(expr));
}
