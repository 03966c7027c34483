import type { TimelineInterval } from '../model/decode.ts';
import { estimates } from '../model/estimate.ts';
import { RequestTotals } from '../model/request-totals.ts';
import {
  describeEstimate,
  formatCount,
  formatEstimate,
  formatNumber,
  formatPercent,
  formatSeconds,
  NO_NUMBER,
} from '../text/format.ts';
import { words } from '../text/words.ts';
import { h, setAttribute, setText } from './dom.ts';

const QUANTILES = [0.99, 0.9, 0.5];

/** The most important figures of the service. */
export class TilesView {
  readonly element: HTMLElement;
  readonly #list = h('dl', { class: 'tiles' });
  readonly #tiles = new Map<string, { value: HTMLElement; note: HTMLElement }>();

  constructor() {
    this.element = h('section', {}, h('h2', { class: 'hidden' }, words.summary), this.#list);
  }

  /** @param all totals of the intervals */
  update(intervals: readonly TimelineInterval[], all: Iterable<RequestTotals>): void {
    const totals = new RequestTotals();
    for (const stats of all) totals.add(stats);
    const milliseconds = intervals.reduce((sum, { ms }) => sum + ms, 0);
    const { requests, mean, errors, clientErrors } = totals;
    const active = intervals.at(-1)?.vitals?.activeRequests;
    const rate = milliseconds > 0 ? formatNumber(requests / (milliseconds / 1000)) : NO_NUMBER;
    const percent = (amount: number) => (requests > 0 ? formatPercent(amount / requests) : NO_NUMBER);

    this.#setTile(words.requestsPerSecond, rate, words.requestCount(formatCount(requests)));
    for (const [i, found] of estimates(totals.histogram, QUANTILES).entries()) {
      const note = found.kind !== 'few' && found.small ? words.smallSample : '';
      this.#setTile(`p${(QUANTILES[i] as number) * 100}`, formatEstimate(found), note, describeEstimate(found));
    }
    this.#setTile(words.meanTile, mean === undefined ? NO_NUMBER : formatSeconds(mean));
    this.#setTile(words.errorRate, percent(errors), `${words.clientErrors} ${percent(clientErrors)}`);
    this.#setTile(words.active, active === undefined ? NO_NUMBER : formatCount(active));
  }

  #setTile(name: string, value: string, note = '', tooltip = ''): void {
    let tile = this.#tiles.get(name);
    if (tile === undefined) {
      tile = { value: h('b'), note: h('small') };
      this.#tiles.set(name, tile);
      this.#list.append(h('div', {}, h('dt', {}, name), h('dd', {}, tile.value, tile.note)));
    }
    setText(tile.value, value);
    setText(tile.note, note);
    if (tooltip) setAttribute(tile.value, 'title', tooltip);
  }
}
