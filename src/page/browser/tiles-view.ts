import { h, setAttribute, setText } from './dom.ts';
import { count, estimated, explained, rate, seconds, share } from './format.ts';
import { quantile } from './quantile.ts';
import { Sum } from './sum.ts';
import type { Moment } from './timeline.ts';
import { words } from './words.ts';

/** The service in a few figures. */
export class TilesView {
  readonly element: HTMLElement;
  readonly #list = h('dl', { class: 'tiles' });
  readonly #tiles = new Map<string, { value: HTMLElement; note: HTMLElement }>();

  constructor() {
    this.element = h('section', {}, h('h2', { class: 'hidden' }, words.summary), this.#list);
  }

  update(moments: readonly Moment[], bounds: readonly number[]): void {
    const sum = moments.reduce((all, { total }) => all.add(total.tallied), new Sum(bounds.length + 1));
    const time = moments.reduce((all, { ms }) => all + ms, 0) / 1000;
    const active = moments.at(-1)?.signs[0];
    const of = (amount: number) => (sum.requests > 0 ? share(amount / sum.requests) : '–');
    this.#set(words.perSecond, time > 0 ? rate(sum.requests / time) : '–', `${count(sum.requests)} ${words.requests}`);
    for (const q of [0.99, 0.9, 0.5]) {
      const estimate = quantile(sum.counts, bounds, q);
      const isSmall = estimate.kind !== 'few' && estimate.small;
      this.#set(`p${q * 100}`, estimated(estimate), isSmall ? words.smallHint : '', explained(estimate));
    }
    this.#set(words.meanTile, sum.mean === undefined ? '–' : seconds(sum.mean), '');
    this.#set(words.errorShare, of(sum.errors), `${words.clientErrorShare} ${of(sum.clientErrors)}`);
    this.#set(words.active, active === null || active === undefined ? '–' : count(active), '');
  }

  #set(name: string, value: string, note: string, title = ''): void {
    let tile = this.#tiles.get(name);
    if (tile === undefined) {
      tile = { value: h('b'), note: h('small') };
      this.#tiles.set(name, tile);
      this.#list.append(h('div', {}, h('dt', {}, name), h('dd', {}, tile.value, tile.note)));
    }
    setText(tile.value, value);
    setText(tile.note, note);
    if (title) setAttribute(tile.value, 'title', title);
  }
}
