import type { EndpointRow } from '../model/endpoint-rows.ts';
import { words } from '../text/words.ts';
import { h, setText } from './dom.ts';
import { ENDPOINT_COLUMNS } from './endpoint-columns.ts';
import { Table } from './table.ts';

const P99_COLUMN = 1;

/** The endpoint table, slowest first, with a filter. */
export class EndpointsView {
  readonly element: HTMLElement;
  readonly #filter = h('input', { type: 'search', id: 'filter', autocomplete: 'off', spellcheck: 'false' });
  readonly #count = h('span', { class: 'quiet', role: 'status' });
  readonly #noMatch = h('p', { class: 'quiet', hidden: true }, words.noMatch);
  readonly #table: Table<EndpointRow>;
  #rows: readonly EndpointRow[] = [];

  constructor(open: (key: string) => void) {
    this.#table = new Table({
      caption: words.endpoints,
      keyOf: ({ key }) => key,
      sortBy: P99_COLUMN,
      open: ({ key }) => open(key),
      columns: ENDPOINT_COLUMNS,
    });
    this.#filter.addEventListener('input', () => this.#render());
    const search = h('div', { class: 'bar' }, h('label', { for: 'filter' }, words.filter), this.#filter, this.#count);
    this.element = h('section', {}, h('h2', {}, words.endpoints), search, this.#table.element, this.#noMatch);
  }

  update(rows: readonly EndpointRow[]): void {
    this.#rows = rows;
    this.#render();
  }

  #render(): void {
    const text = this.#filter.value.trim().toLowerCase();
    const matches = this.#rows.filter(({ key }) => key.toLowerCase().includes(text));
    this.#table.update(matches);
    setText(this.#count, words.shownOf(matches.length, this.#rows.length));
    this.#noMatch.hidden = matches.length > 0 || this.#rows.length === 0;
  }
}
