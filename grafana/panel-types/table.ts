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
  /** Where it is another than the table's. */
  readonly unit?: string;
  readonly steps?: ThresholdSteps;
}

interface TableOptions extends PanelOptions {
  /** Shown where there is no row. */
  readonly empty: string;
  /** The labels that make a row, in their order; every column has exactly these. */
  readonly rows: readonly string[];
  /** The column it is sorted by, greatest first; by the first label otherwise. */
  readonly sortBy?: string;
  /** Where a click on a cell leads. */
  readonly link?: { build(): DashboardLink };
}

/** One row for each set of labels, one query for each column, merged into one. */
export function table(look: TableOptions, columns: readonly Column[]): PanelBuilder {
  // With a single query Grafana calls its values "Value", with several "Value #A".
  const raw = (index: number): string => (columns.length > 1 ? `Value #${String.fromCharCode(65 + index)}` : 'Value');
  const order = [...look.rows, ...columns.map((_, index) => raw(index))];
  const panel = applyOptions(new PanelBuilder(), look, 10)
    .noValue(look.empty)
    .thresholds(thresholds(NO_THRESHOLDS))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .filterable(false)
    // In a table with rows, a cell without a value or label would say what an empty table says: "nothing fires".
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
