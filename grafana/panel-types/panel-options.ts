import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';

/** Whichever Prometheus is chosen at the top of the dashboard. */
export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: `\${datasource}` };

/** What every panel says of itself. */
export interface PanelOptions {
  readonly title: string;
  /** For somebody tired at 3 a.m.: what it shows, what is normal, what to do next. */
  readonly description: string;
  /** Grafana's id of the unit: `s`, `reqps`, `percentunit`, `short` for a count, `none` for a ratio. */
  readonly unit: string;
  /** Columns of the 24. */
  readonly width: number;
  /** Rows of 30 px. */
  readonly height?: number;
}

/** What the builders of all kinds of panel have in common. */
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
