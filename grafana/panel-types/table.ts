import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import {
  type DashboardLink,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { applyOptions, type PanelOptions } from './panel-options.ts';
import { columnTarget } from './target.ts';
import { NO_THRESHOLDS, type ThresholdSteps, thresholds } from './thresholds.ts';

export interface Column {
  readonly expr: string;
  readonly name: string;
  /** By default the table's. */
  readonly unit?: string;
  readonly steps?: ThresholdSteps;
}

interface TableOptions extends PanelOptions {
  /** Text for a table without rows. */
  readonly empty: string;
  /** The labels that identify a row, in display order. Every column's query must return exactly these. */
  readonly rows: readonly string[];
  /** Column to sort by, largest value first. By default the first label, in ascending order. */
  readonly sortBy?: string;
  /** Target of a click on a cell. */
  readonly link?: { build(): DashboardLink };
}

/** One row for each set of labels, and one query for each column. Grafana merges the results. */
export function table(look: TableOptions, columns: readonly Column[]): PanelBuilder {
  // Grafana names the values of a single query "Value", and those of several queries "Value #A", "Value #B" ...
  const raw = (index: number): string => (columns.length > 1 ? `Value #${String.fromCharCode(65 + index)}` : 'Value');
  const order = [...look.rows, ...columns.map((_, index) => raw(index))];
  const panel = applyOptions(new PanelBuilder(), look, 10)
    .noValue(look.empty)
    .thresholds(thresholds(NO_THRESHOLDS))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .filterable(false)
    // Without this, an empty cell would show the text for an empty table, such as "no alert is firing".
    .overrideByRegexp('/.*/', [{ id: 'noValue', value: '-' }])
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(order.map((name, index) => [name, index])),
        renameByName: Object.fromEntries(columns.map(({ name }, index) => [raw(index), name])),
      },
    })
    .sortBy([
      new TableSortByFieldStateBuilder().displayName(look.sortBy ?? (look.rows[0] as string)).desc(!!look.sortBy),
    ]);
  if (look.link) panel.dataLinks([look.link]);
  for (const [index, { expr, name, unit, steps }] of columns.entries()) {
    panel.withTarget(columnTarget(expr, index));
    const properties: DynamicConfigValue[] = [];
    if (unit) properties.push({ id: 'unit', value: unit });
    if (steps) {
      properties.push({ id: 'thresholds', value: thresholds(steps).build() });
      properties.push({ id: 'custom.cellOptions', value: { type: 'color-text' } });
    }
    if (properties.length > 0) panel.overrideByName(name, properties);
  }
  return panel;
}
