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

  /** Shows the buckets from the first to the last that is not empty. */
  update({ counts, timed }: RequestTotals, bounds: readonly number[]): void {
    const first = Math.max(
      counts.findIndex((count) => count > 0),
      0,
    );
    const last = counts.findLastIndex((count) => count > 0);
    const largest = Math.max(...counts);
    const rows = counts
      .slice(first, last + 1)
      .map((count, i) => bucketRow(formatBucket(first + i, bounds), count, count / timed, count / largest));
    setChildren(this.#body, rows);
  }
}

function formatBucket(index: number, bounds: readonly number[]): string {
  const [low, high] = [bounds[index - 1] ?? 0, bounds[index]];
  return high === undefined ? words.over(formatSeconds(low)) : `${formatSeconds(low)} – ${formatSeconds(high)}`;
}

function bucketRow(range: string, count: number, share: number, barLength: number): HTMLElement {
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
