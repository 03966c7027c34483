import { Chart, type Line } from './chart.ts';
import { bytes, duration, rate, seconds, share } from './format.ts';
import type { Sum } from './sum.ts';
import type { Moment } from './timeline.ts';
import { percentiles, trailing } from './trailing.ts';
import { words } from './words.ts';

type Values = (number | null)[][];

/** What every chart of an update shares. */
export interface Shown {
  readonly moments: readonly Moment[];
  readonly bounds: readonly number[];
  readonly marks: readonly number[];
}

const PERCENTILES: readonly Line[] = [
  { name: 'p99', color: '--red' },
  { name: 'p90', color: '--orange' },
  { name: 'p50', color: '--blue' },
  { name: words.mean, color: '--text', dashed: true },
];
const CLASSES: readonly Line[] = [
  { name: '1xx', color: '--quiet' },
  { name: '2xx', color: '--green' },
  { name: '3xx', color: '--blue' },
  { name: '4xx', color: '--orange' },
  { name: '5xx', color: '--red' },
];
const ERRORS: readonly Line[] = [
  { name: '5xx', color: '--red' },
  { name: '4xx', color: '--orange' },
];

/** Draws values of moments, and a gap where nothing was told: the service, or the way to it, was gone. */
function draw(chart: Chart, title: string, { moments, marks, bounds }: Shown, values: Values): void {
  const times: number[] = [];
  const lines: Values = values.map(() => []);
  moments.forEach(({ at, ms }, i) => {
    const before = moments[i - 1]?.at;
    if (before !== undefined && at - ms - before > ms) {
      times.push((before + at - ms) / 2000);
      for (const line of lines) line.push(null);
    }
    times.push(at / 1000);
    lines.forEach((line, n) => {
      line.push(values[n]?.[i] ?? null);
    });
  });
  chart.update({ title, times, values: lines, marks: marks.map((at) => at / 1000), top: bounds.at(-1) ?? 0 });
}

const perSecond = (amount: number, { ms }: Moment): number => amount / (ms / 1000);

/** Percentiles, and errors, of the trailing window. */
class Trailing {
  readonly latency = new Chart({ lines: PERCENTILES, format: seconds, logarithmic: true });
  readonly errors = new Chart({ lines: ERRORS, format: share });

  update(shown: Shown, sumOf: (moment: Moment) => Sum | undefined): void {
    const { window, points } = trailing(shown.moments, sumOf, shown.bounds.length + 1);
    const span = duration(window / 1000);
    draw(this.latency, words.latency(span), shown, percentiles(points, shown.bounds));
    const shareOf = (of: (sum: Sum) => number) =>
      points.map((sum) => (sum.requests > 0 ? of(sum) / sum.requests : null));
    draw(this.errors, words.errors(span), shown, [shareOf((sum) => sum.errors), shareOf((sum) => sum.clientErrors)]);
  }
}

/** The charts of the whole service. */
export class ServiceCharts {
  readonly #trailing = new Trailing();
  readonly #requests = new Chart({ lines: CLASSES, format: rate });
  readonly #signs = [
    { title: words.active, chart: new Chart({ lines: [{ name: '', color: '--blue' }], format: rate }) },
    { title: words.delay, chart: new Chart({ lines: [{ name: '', color: '--orange' }], format: seconds }) },
    { title: words.cpu, chart: new Chart({ lines: [{ name: '', color: '--green' }], format: rate }) },
    { title: words.memory, chart: new Chart({ lines: [{ name: '', color: '--blue' }], format: bytes }) },
  ];

  get elements(): HTMLElement[] {
    const { latency, errors } = this.#trailing;
    return [latency, this.#requests, errors, ...this.#signs.map(({ chart }) => chart)].map(({ element }) => element);
  }

  update(shown: Shown): void {
    const { moments } = shown;
    this.#trailing.update(shown, ({ total }) => total);
    const byClass = CLASSES.map((_, i) => moments.map((moment) => perSecond(moment.byClass[i] ?? 0, moment)));
    draw(this.#requests, words.byClass, shown, byClass);
    this.#signs.forEach(({ title, chart }, i) => {
      draw(chart, title, shown, [moments.map(({ signs }) => signs[i] ?? null)]);
    });
  }
}

/** The charts of one endpoint. */
export class EndpointCharts {
  readonly #trailing = new Trailing();
  readonly #requests = new Chart({ lines: [{ name: '', color: '--green' }], format: rate });

  get elements(): HTMLElement[] {
    return [this.#trailing.latency, this.#requests, this.#trailing.errors].map(({ element }) => element);
  }

  update(shown: Shown, sumOf: (moment: Moment) => Sum | undefined): void {
    this.#trailing.update(shown, sumOf);
    const rates = shown.moments.map((moment) => perSecond(sumOf(moment)?.requests ?? 0, moment));
    draw(this.#requests, words.perSecond, shown, [rates]);
  }
}
