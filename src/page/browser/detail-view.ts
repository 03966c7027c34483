import { EndpointCharts, type Shown } from './charts.ts';
import { h, setChildren, setText } from './dom.ts';
import { tailWords } from './endpoints-view.ts';
import { count, estimated, explained, seconds, share } from './format.ts';
import { quantile } from './quantile.ts';
import type { EndpointRow } from './rows.ts';
import { Sum } from './sum.ts';
import type { Timeline } from './timeline.ts';
import { words } from './words.ts';

/** One endpoint: what is known of its percentiles, its own charts, and all its durations. */
export class DetailView {
  readonly element: HTMLElement;
  readonly #timeline: Timeline;
  readonly #name = h('h2', { tabindex: '-1' });
  readonly #tail = h('p', { class: 'marked' });
  readonly #facts = h('dl', { class: 'facts' });
  readonly #charts = new EndpointCharts();
  readonly #buckets = h('tbody');
  #key: string | undefined;
  #opener: Element | null = null;

  constructor(timeline: Timeline, closed: () => void) {
    this.#timeline = timeline;
    const close = () => {
      this.#key = undefined;
      this.element.hidden = true;
      (this.#opener as HTMLElement | null)?.focus();
      closed();
    };
    const distribution = h(
      'table',
      { class: 'distribution' },
      h('caption', {}, words.distribution),
      h(
        'thead',
        {},
        h('tr', {}, ...[words.upTo, words.requests, words.share].map((name) => h('th', { scope: 'col' }, name))),
      ),
      this.#buckets,
    );
    this.element = h(
      'section',
      { class: 'detail', hidden: true },
      h('div', { class: 'bar' }, this.#name, h('button', { type: 'button', onclick: close }, words.close)),
      this.#tail,
      this.#facts,
      h('div', { class: 'charts' }, ...this.#charts.elements),
      distribution,
    );
    this.element.addEventListener('keydown', ({ key }) => key === 'Escape' && close());
  }

  get key(): string | undefined {
    return this.#key;
  }

  open(key: string): void {
    this.#opener = document.activeElement;
    this.#key = key;
    this.element.hidden = false;
    setText(this.#name, key);
    this.#name.focus();
  }

  update(shown: Shown, rows: readonly EndpointRow[]): void {
    const key = this.#key;
    if (key === undefined) return;
    const buckets = shown.bounds.length + 1;
    const row = rows.find((row) => row.key === key);
    const sum = row?.sum ?? new Sum(buckets);
    this.#tail.hidden = !row?.isMarked;
    setText(this.#tail, row?.isMarked ? `${words.tailMark}: ${tailWords(row)}` : '');
    const facts = [0.5, 0.9, 0.99].flatMap((q) => {
      const estimate = quantile(sum.counts, shown.bounds, q);
      return fact(`p${q * 100}`, estimated(estimate), explained(estimate));
    });
    facts.push(...fact(words.mean, sum.mean === undefined ? '–' : seconds(sum.mean), ''));
    setChildren(this.#facts, facts);
    this.#charts.update(shown, (moment) => this.#timeline.sumOf(moment, key));
    setChildren(this.#buckets, bars(sum, shown.bounds));
  }
}

const fact = (name: string, value: string, about: string): HTMLElement[] => [
  h('dt', {}, name),
  h('dd', {}, h('b', {}, value), ` ${about}`),
];

/** From the first bucket that holds any to the last. */
function bars({ counts, timed }: Sum, bounds: readonly number[]): HTMLElement[] {
  const first = counts.findIndex((count) => count > 0);
  const last = counts.findLastIndex((count) => count > 0);
  const most = Math.max(...counts);
  return counts.slice(Math.max(first, 0), last + 1).map((amount, i) => {
    const bucket = first + i;
    const [low, high] = [bounds[bucket - 1] ?? 0, bounds[bucket]];
    const range = high === undefined ? words.over(seconds(low)) : `${seconds(low)} – ${seconds(high)}`;
    const bar = h('i', { class: 'bar-fill' });
    bar.style.width = `${(100 * amount) / most}%`;
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, range),
      h('td', {}, count(amount)),
      h('td', { class: 'filled' }, bar, h('span', {}, share(amount / timed))),
    );
  });
}
