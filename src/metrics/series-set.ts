import type { Kind, KindId, Kinds, LabelsOf } from './kinds.ts';
import type { Series } from './model.ts';
import { type LabelCaps, SeriesTable } from './series-table.ts';

/** Series, or increments of them, by the id of their kind. A kind that is missing has none. */
export type SeriesByKind = { readonly [K in KindId]?: readonly Series<LabelsOf[K]>[] };

/** A table of series for each kind. */
export class SeriesSet {
  readonly tables: { readonly [K in KindId]: SeriesTable<LabelsOf[K]> };
  /** The same tables, for what is done for each kind. */
  readonly all: readonly SeriesTable[];

  /** @param caps shared by all kinds that have the label */
  constructor(kinds: Kinds, caps?: LabelCaps) {
    this.all = Object.values<Kind>(kinds).map((kind) => new SeriesTable(kind, caps));
    this.tables = Object.fromEntries(this.all.map((table) => [table.kind.id, table])) as unknown as typeof this.tables;
  }

  add(added: SeriesByKind): void {
    for (const table of this.all) {
      for (const series of added[table.kind.id] ?? []) table.add(series);
    }
  }

  /** The live series, which later additions change. The arrays stay the same objects. */
  read(): SeriesByKind {
    return Object.fromEntries(this.all.map(({ kind, series }) => [kind.id, series]));
  }
}
