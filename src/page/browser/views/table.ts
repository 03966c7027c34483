import { h, setAttribute, setChildren, setText } from './dom.ts';

/** @property note small text below */
export interface Cell {
  readonly text: string;
  readonly tooltip?: string;
  readonly note?: string;
  readonly className?: string;
}

/**
 * @property tooltip   of the header
 * @property sortValue undefined sorts last; a column without this function cannot be sorted
 */
export interface Column<Row> {
  readonly name: string;
  readonly tooltip?: string;
  readonly cell: (row: Row) => Cell;
  readonly sortValue?: (row: Row) => SortValue;
}

type SortValue = number | string | undefined;

/**
 * @property sortBy    index of the column to sort by first, in descending order
 * @property open      called when the first cell of a row is clicked
 * @property isStacked whether the cells of a row are below each other in a narrow window, each with the name of its column
 */
export interface TableOptions<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly sortBy?: number;
  readonly open?: (row: Row) => void;
  readonly isStacked?: boolean;
}

/** A sortable table. An update reuses the elements of a row, so that focus and selection stay. */
export class Table<Row> {
  readonly element: HTMLElement;
  readonly #options: TableOptions<Row>;
  readonly #headers: HTMLTableCellElement[];
  readonly #body = h('tbody', { role: 'rowgroup' });
  readonly #rows = new Map<string, { element: HTMLTableRowElement; row: Row }>();
  #latest: readonly Row[] = [];
  #sort: { column: number; isDescending: boolean };

  constructor(options: TableOptions<Row>) {
    this.#options = options;
    this.#sort = { column: options.sortBy ?? -1, isDescending: true };
    this.#headers = options.columns.map((column, i) => this.#header(column, i));
    // Browsers forget that it is a table when style sheets arrange its cells in another way; the roles say so again.
    const table = h(
      'table',
      { class: options.isStacked ? 'stacked' : '', role: 'table' },
      h('caption', { class: 'hidden' }, options.caption),
      h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ...this.#headers)),
      this.#body,
    );
    // A region with a tab stop, so that a table wider than the window can be scrolled by keyboard.
    this.element = h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': options.caption }, table);
  }

  update(rows: readonly Row[]): void {
    this.#latest = rows;
    const { columns, keyOf } = this.#options;
    const elements = this.#sorted(rows).map((row) => {
      const key = keyOf(row);
      let known = this.#rows.get(key);
      if (known === undefined) {
        known = { element: this.#row(key), row };
        this.#rows.set(key, known);
      }
      known.row = row;
      columns.forEach((column, i) => {
        fill(known.element.cells[i] as HTMLTableCellElement, column.cell(row));
      });
      return known.element;
    });
    setChildren(this.#body, elements);
    if (this.#rows.size > rows.length) {
      const keys = new Set(rows.map(keyOf));
      for (const key of this.#rows.keys()) if (!keys.has(key)) this.#rows.delete(key);
    }
  }

  #sorted(rows: readonly Row[]): readonly Row[] {
    const { column, isDescending } = this.#sort;
    this.#headers.forEach((header, i) => {
      if (!this.#options.columns[i]?.sortValue) return;
      setAttribute(header, 'aria-sort', i === column ? (isDescending ? 'descending' : 'ascending') : 'none');
    });
    const sortValue = this.#options.columns[column]?.sortValue;
    return sortValue === undefined ? rows : sortRows(rows, sortValue, isDescending);
  }

  #header(column: Column<Row>, i: number): HTMLTableCellElement {
    const { name, tooltip = '', sortValue } = column;
    const props = { scope: 'col', role: 'columnheader', title: tooltip };
    if (sortValue === undefined) return h('th', props, name);
    const sort = () => {
      // Names start at A, numbers at the largest.
      const isDescending = this.#sort.column === i ? !this.#sort.isDescending : i !== 0;
      this.#sort = { column: i, isDescending };
      this.update(this.#latest);
    };
    return h('th', { ...props, 'aria-sort': 'none' }, h('button', { type: 'button', onclick: sort }, name));
  }

  #row(key: string): HTMLTableRowElement {
    const { columns, open } = this.#options;
    const cells = columns.map((column, i) => {
      if (i > 0) return h('td', { role: 'cell', 'data-name': column.name }, h('span'), h('small'));
      const openRow = () => open?.((this.#rows.get(key) as { row: Row }).row);
      const name = open ? h('button', { type: 'button', class: 'link', onclick: openRow }) : h('span');
      return h('th', { scope: 'row', role: 'rowheader' }, name, h('small'));
    });
    return h('tr', { role: 'row' }, ...cells);
  }
}

function sortRows<Row>(
  rows: readonly Row[],
  sortValue: (row: Row) => SortValue,
  isDescending: boolean,
): readonly Row[] {
  const direction = isDescending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: sortValue(row) }))
    .sort((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        return Number(a.value === undefined) - Number(b.value === undefined);
      }
      return direction * compareValues(a.value, b.value);
    })
    .map(({ row }) => row);
}

function compareValues(a: number | string, b: number | string): number {
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b);
  // Not a difference: infinity minus infinity is not a number.
  return a === b ? 0 : a > b ? 1 : -1;
}

function fill(element: HTMLTableCellElement, { text, tooltip = '', note = '', className = '' }: Cell): void {
  const [first, second] = element.children as unknown as [Element, Element];
  setText(first, text);
  setText(second, note);
  if (tooltip) setAttribute(element, 'title', tooltip);
  else element.removeAttribute('title');
  if (element.className !== className) element.className = className;
}
