import { h, setText } from './dom.ts';
import { count, estimated, explained, seconds, share, times } from './format.ts';
import { type Estimate, secondsOf } from './quantile.ts';
import type { EndpointRow } from './rows.ts';
import { type Cell, Table } from './table.ts';
import { words } from './words.ts';

export const percentileCell = (estimate: Estimate): Cell => ({
  text: estimated(estimate),
  title: explained(estimate),
  note: estimate.kind !== 'few' && estimate.small ? words.smallHint : '',
  className: estimate.kind === 'few' ? 'quiet' : '',
});

/** In words what a percentile is for people. */
export const tailWords = ({ p99, p50 }: EndpointRow): string => words.tail(estimated(p99), estimated(p50));

/** The slowest endpoints first; any other order, and a filter, are a click away. */
export class EndpointsView {
  readonly element: HTMLElement;
  readonly #filter = h('input', { type: 'search', id: 'filter', autocomplete: 'off', spellcheck: 'false' });
  readonly #shown = h('span', { class: 'quiet', role: 'status' });
  readonly #none = h('p', { class: 'quiet', hidden: true }, words.noneLeft);
  readonly #table: Table<EndpointRow>;
  #rows: readonly EndpointRow[] = [];

  constructor(open: (key: string) => void) {
    this.#table = new Table({
      caption: words.endpoints,
      keyOf: ({ key }) => key,
      sortBy: 1,
      open: ({ key }) => open(key),
      columns: [
        {
          name: words.endpoint,
          value: ({ key }) => key,
          cell: (row) => ({
            text: row.key,
            ...(row.isMarked && {
              note: `${words.tailMark}: ${tailWords(row)}`,
              title: words.tailMarkHint,
              className: 'marked',
            }),
          }),
        },
        { name: 'p99', value: ({ p99 }) => secondsOf(p99), cell: ({ p99 }) => percentileCell(p99) },
        { name: 'p50', value: ({ p50 }) => secondsOf(p50), cell: ({ p50 }) => percentileCell(p50) },
        {
          name: words.gap,
          hint: words.gapHint,
          value: ({ gap }) => gap,
          cell: ({ gap }) => ({ text: gap === undefined ? '–' : times(gap), title: words.gapHint }),
        },
        { name: words.requests, value: ({ sum }) => sum.requests, cell: ({ sum }) => ({ text: count(sum.requests) }) },
        {
          name: words.timeShare,
          hint: words.timeShareHint,
          value: (row) => row.share,
          cell: (row) => ({ text: share(row.share), title: seconds(row.sum.seconds) }),
        },
        {
          name: words.errorsColumn,
          hint: words.errorsHint,
          value: ({ sum }) => sum.errors / Math.max(sum.requests, 1),
          cell: ({ sum }) => ({
            text: share(sum.errors / Math.max(sum.requests, 1)),
            title: `5xx ${count(sum.errors)}, 4xx ${count(sum.clientErrors)}`,
            className: sum.errors > 0 ? 'bad' : '',
          }),
        },
      ],
    });
    this.#filter.addEventListener('input', () => this.#show());
    const search = h('div', { class: 'bar' }, h('label', { for: 'filter' }, words.filter), this.#filter, this.#shown);
    this.element = h('section', {}, h('h2', {}, words.endpoints), search, this.#table.element, this.#none);
  }

  update(rows: readonly EndpointRow[]): void {
    this.#rows = rows;
    this.#show();
  }

  #show(): void {
    const wanted = this.#filter.value.trim().toLowerCase();
    const found = this.#rows.filter(({ key }) => key.toLowerCase().includes(wanted));
    this.#table.update(found);
    setText(this.#shown, words.shownOf(found.length, this.#rows.length));
    this.#none.hidden = found.length > 0 || this.#rows.length === 0;
  }
}
