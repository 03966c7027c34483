import { DataqueryBuilder, PromQueryFormat, QueryEditorMode } from '@grafana/grafana-foundation-sdk/prometheus';
import { DATASOURCE } from './panel-options.ts';

/** Grafana names the queries of a panel A, B, C ... */
const refId = (index: number): string => String.fromCharCode(65 + index);

function target(expr: string, index: number): DataqueryBuilder {
  return new DataqueryBuilder().datasource(DATASOURCE).editorMode(QueryEditorMode.Code).expr(expr).refId(refId(index));
}

/** A line of a graph. `legend` may contain labels: `{{service_version}}`. */
export function lineTarget(expr: string, legend: string, index: number): DataqueryBuilder {
  return target(expr, index).range().format(PromQueryFormat.TimeSeries).legendFormat(legend);
}

/** One figure: the value at the end of the time range. */
export function statTarget(expr: string, legend: string, index: number): DataqueryBuilder {
  return target(expr, index).instant().format(PromQueryFormat.TimeSeries).legendFormat(legend);
}

/** A column of a table: the values at the end of the time range. */
export function columnTarget(expr: string, index: number): DataqueryBuilder {
  return target(expr, index).instant().format(PromQueryFormat.Table);
}

/** The buckets of a histogram with bounds. Grafana draws a native one by itself. */
export function bucketsTarget(expr: string): DataqueryBuilder {
  return target(expr, 0).range().format(PromQueryFormat.Heatmap).legendFormat('{{le}}');
}
