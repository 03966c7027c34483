import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';

/** The Prometheus that is selected at the top of the dashboard. */
export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: `\${datasource}` };

/** Options that every panel has. */
export interface PanelOptions {
  readonly title: string;
  /** What the panel shows, which values are normal, and what to do next. Plain enough for 3 a.m. */
  readonly description: string;
  /** Grafana's id of a unit: `s`, `reqps`, `percentunit`, `short` for a count, `none` for a ratio. */
  readonly unit: string;
  /** Columns, of 24. */
  readonly width: number;
  /** Grid rows of 30 px. */
  readonly height?: number;
}

/** The methods that the builders of all panel types share. */
interface Builder {
  title(title: string): this;
  description(description: string): this;
  unit(unit: string): this;
  span(width: number): this;
  height(height: number): this;
  datasource(datasource: DataSourceRef): this;
  withTarget(target: DataqueryBuilder): this;
  build(): Panel;
}

export function applyOptions<B extends Builder>(builder: B, look: PanelOptions, height: number): B {
  return builder
    .title(look.title)
    .description(look.description)
    .unit(look.unit)
    .span(look.width)
    .height(look.height ?? height)
    .datasource(DATASOURCE);
}
