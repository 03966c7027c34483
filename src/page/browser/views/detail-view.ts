import type { TimelineInterval } from '../model/decode.ts';
import { isUnmatched } from '../model/endpoint-key.ts';
import type { EndpointRow } from '../model/endpoint-rows.ts';
import { estimates } from '../model/estimate.ts';
import { RequestTotals } from '../model/request-totals.ts';
import { spentBy } from '../model/time-spent.ts';
import type { Timeline } from '../model/timeline.ts';
import { describeEstimate, describeTail, formatEstimate, formatSeconds, NO_NUMBER } from '../text/format.ts';
import { words } from '../text/words.ts';
import { EndpointCharts } from './charts.ts';
import { Distribution } from './distribution.ts';
import { h, setChildren, setText } from './dom.ts';
import type { ChartContext } from './draw-intervals.ts';
import { TimeSpentView } from './time-spent-view.ts';

const QUANTILES = [0.5, 0.9, 0.99];

/** One endpoint: its percentiles, where its time goes, charts and distribution. */
export class DetailView {
  readonly element: HTMLElement;
  readonly #timeline: Timeline;
  readonly #name = h('h2', { tabindex: '-1' });
  readonly #unmatched = h('p', { class: 'quiet' }, words.unmatchedHint);
  readonly #tail = h('p', { class: 'marked' });
  readonly #facts = h('dl', { class: 'facts' });
  readonly #timeSpent = new TimeSpentView();
  readonly #charts = new EndpointCharts();
  readonly #distribution = new Distribution();
  #key: string | undefined;
  #opener: Element | null = null;

  constructor(timeline: Timeline, onClose: () => void) {
    this.#timeline = timeline;
    const close = () => {
      this.#key = undefined;
      this.element.hidden = true;
      (this.#opener as HTMLElement | null)?.focus();
      onClose();
    };
    this.element = h(
      'section',
      { class: 'detail', hidden: true },
      h('div', { class: 'bar' }, this.#name, h('button', { type: 'button', onclick: close }, words.close)),
      this.#unmatched,
      this.#tail,
      this.#facts,
      this.#timeSpent.element,
      h('div', { class: 'charts' }, ...this.#charts.elements),
      this.#distribution.element,
    );
    this.element.addEventListener('keydown', ({ key }) => key === 'Escape' && close());
  }

  open(key: string): void {
    this.#opener = document.activeElement;
    this.#key = key;
    this.element.hidden = false;
    setText(this.#name, key);
    this.#unmatched.hidden = !isUnmatched(key);
    this.#name.focus();
  }

  /** @param all the intervals with the requests of all labels */
  update(context: ChartContext, rows: readonly EndpointRow[], all: readonly TimelineInterval[]): void {
    const key = this.#key;
    if (key === undefined) return;
    const row = rows.find((row) => row.key === key);
    const totals = row?.totals ?? new RequestTotals();
    this.#tail.hidden = row?.tail === undefined;
    setText(this.#tail, row?.tail ? `${words.hiddenTail}: ${describeTail(row.tail)}` : '');
    setChildren(this.#facts, facts(totals));
    this.#timeSpent.update(spentBy(this.#timeline, all, key), this.#timeline.latest?.slow ?? null);
    this.#charts.update(context, (interval) => this.#timeline.endpointStats(interval, key));
    this.#distribution.update(totals);
  }
}

function facts({ histogram, mean }: RequestTotals): HTMLElement[] {
  const percentiles = estimates(histogram, QUANTILES).flatMap((found, i) =>
    fact(`p${(QUANTILES[i] as number) * 100}`, formatEstimate(found), describeEstimate(found)),
  );
  return [...percentiles, ...fact(words.mean, mean === undefined ? NO_NUMBER : formatSeconds(mean), '')];
}

const fact = (name: string, value: string, explanation: string): HTMLElement[] => [
  h('dt', {}, name),
  h('dd', {}, h('b', {}, value), ` ${explanation}`),
];
