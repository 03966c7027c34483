import { type DistributionRow, distributionRows } from '../model/distribution.ts';
import type { RequestTotals } from '../model/request-totals.ts';
import { formatCount, formatPercent, formatSeconds } from '../text/format.ts';
import { words } from '../text/words.ts';
import { h, setChildren } from './dom.ts';

/** The histogram of an endpoint as a table with bars, on a logarithmic scale. */
export class Distribution {
  readonly element: HTMLElement;
  readonly #body = h('tbody');

  constructor() {
    const columns = [words.responseTime, words.requests, words.share, words.cumulativeShare];
    this.element = h(
      'table',
      { class: 'distribution' },
      h('caption', {}, words.distribution),
      h('thead', {}, h('tr', {}, ...columns.map((name) => h('th', { scope: 'col' }, name)))),
      this.#body,
    );
  }

  update({ histogram, timed }: RequestTotals): void {
    const rows = distributionRows(histogram);
    const largest = Math.max(...rows.map(({ count }) => count));
    let slower = timed;
    const elements = rows.map((row) => {
      const element = rowElement(row, { timed, largest, slower });
      slower -= row.count;
      return element;
    });
    setChildren(this.#body, elements);
  }
}

/**
 * @property timed   all requests of the distribution
 * @property largest count of a row
 * @property slower  requests of this row and those below
 */
interface Context {
  readonly timed: number;
  readonly largest: number;
  readonly slower: number;
}

function rowElement(
  { low, high, count, percentiles }: DistributionRow,
  { timed, largest, slower }: Context,
): HTMLElement {
  const bar = h('i', { class: 'bar-fill', hidden: count === 0 });
  bar.style.width = `${(100 * count) / largest}%`;
  const range = h('th', { scope: 'row' }, `${formatSeconds(low)} – ${formatSeconds(high)}`);
  if (percentiles.length > 0) range.append(' ', h('small', {}, percentiles.join(', ')));
  return h(
    'tr',
    {},
    range,
    h('td', {}, formatCount(count)),
    h('td', { class: 'filled' }, bar, h('span', {}, formatPercent(count / timed))),
    h('td', {}, formatPercent(slower / timed)),
  );
}
