import { h, setAttribute, setChildren, setText } from './dom.ts';

export interface Cell {
  readonly text: string;
  /** What is known besides, on hover. */
  readonly title?: string;
  /** Said below, small. */
  readonly note?: string;
  readonly className?: string;
}

export interface Column<Row> {
  readonly name: string;
  readonly hint?: string;
  readonly cell: (row: Row) => Cell;
  /** To sort by, largest first; undefined comes last. Without it the column is not sorted by. */
  readonly value?: (row: Row) => number | string | undefined;
}

export interface TableOptions<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** Index of the column to be sorted by at first. */
  readonly sortBy?: number;
  /** The first column opens the row. */
  readonly open?: (row: Row) => void;
}

/** A real table, whose rows stay the same elements for as long as their row is there. */
export class Table<Row> {
  readonly element: HTMLElement;
  readonly #options: TableOptions<Row>;
  readonly #headers: HTMLTableCellElement[];
  readonly #body = h('tbody');
  readonly #rows = new Map<string, { element: HTMLTableRowElement; row: Row }>();
  #all: readonly Row[] = [];
  #sort: { column: number; down: boolean };

  constructor(options: TableOptions<Row>) {
    this.#options = options;
    this.#sort = { column: options.sortBy ?? -1, down: true };
    this.#headers = options.columns.map((column, i) => this.#header(column, i));
    const table = h(
      'table',
      {},
      h('caption', { class: 'hidden' }, options.caption),
      h('thead', {}, h('tr', {}, ...this.#headers)),
      this.#body,
    );
    // It may be wider than the window; then it scrolls, by keyboard too.
    this.element = h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': options.caption }, table);
  }

  update(rows: readonly Row[]): void {
    this.#all = rows;
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
    const { column, down } = this.#sort;
    this.#headers.forEach((header, i) => {
      if (!this.#options.columns[i]?.value) return;
      setAttribute(header, 'aria-sort', i === column ? (down ? 'descending' : 'ascending') : 'none');
    });
    const value = this.#options.columns[column]?.value;
    if (value === undefined) return rows;
    const valued = rows.map((row) => [value(row), row] as const);
    const [known, unknown] = [valued.filter(([v]) => v !== undefined), valued.filter(([v]) => v === undefined)];
    known.sort(([a], [b]) => {
      const order =
        typeof a === 'string' && typeof b === 'string'
          ? b.localeCompare(a)
          : Number(b) === Number(a)
            ? 0
            : Number(b) > Number(a)
              ? 1
              : -1;
      return down ? order : -order;
    });
    return [...known, ...unknown].map(([, row]) => row);
  }

  #header(column: Column<Row>, i: number): HTMLTableCellElement {
    const { name, hint = '', value } = column;
    if (value === undefined) return h('th', { scope: 'col', title: hint }, name);
    const sort = () => {
      const down = this.#sort.column === i ? !this.#sort.down : i !== 0;
      this.#sort = { column: i, down };
      this.update(this.#all);
    };
    return h(
      'th',
      { scope: 'col', title: hint, 'aria-sort': 'none' },
      h('button', { type: 'button', onclick: sort }, name),
    );
  }

  #row(key: string): HTMLTableRowElement {
    const { columns, open } = this.#options;
    const cells = columns.map((_, i) => {
      if (i > 0) return h('td', {}, h('span'), h('small'));
      const opens = () => open?.((this.#rows.get(key) as { row: Row }).row);
      const name = open ? h('button', { type: 'button', class: 'link', onclick: opens }) : h('span');
      return h('th', { scope: 'row' }, name, h('small'));
    });
    return h('tr', {}, ...cells);
  }
}

function fill(element: HTMLTableCellElement, { text, title = '', note = '', className = '' }: Cell): void {
  const [first, second] = element.children as unknown as [Element, Element];
  setText(first, text);
  setText(second, note);
  if (title) setAttribute(element, 'title', title);
  else element.removeAttribute('title');
  if (element.className !== className) element.className = className;
}
