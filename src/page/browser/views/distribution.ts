import { distributionRows } from '../model/distribution.ts';
import type { RequestTotals } from '../model/request-totals.ts';
import { formatCount, formatPercent, formatSeconds } from '../text/format.ts';
import { words } from '../text/words.ts';
import { h, setChildren } from './dom.ts';

/** The histogram of an endpoint as a table with bars. */
export class Distribution {
  readonly element: HTMLElement;
  readonly #body = h('tbody');

  constructor() {
    const columns = [words.responseTime, words.requests, words.share];
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
    const elements = rows.map(({ low, high, count }) =>
      rowElement(`${formatSeconds(low)} – ${formatSeconds(high)}`, count, count / timed, count / largest),
    );
    setChildren(this.#body, elements);
  }
}

function rowElement(range: string, count: number, share: number, barLength: number): HTMLElement {
  const bar = h('i', { class: 'bar-fill' });
  bar.style.width = `${100 * barLength}%`;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, range),
    h('td', {}, formatCount(count)),
    h('td', { class: 'filled' }, bar, h('span', {}, formatPercent(share))),
  );
}
