import type { ProcessVitals, TimelineInterval } from '../model/decode.ts';
import type { RequestStats } from '../model/request-stats.ts';
import { percentileLines, type RollingPoint, rollingWindow } from '../model/rolling-window.ts';
import { formatBytes, formatDuration, formatNumber, formatPercent, formatSeconds } from '../text/format.ts';
import { words } from '../text/words.ts';
import { Chart } from './chart.ts';
import { type ChartContext, drawIntervals } from './draw-intervals.ts';
import type { Line } from './uplot-options.ts';

const PERCENTILES: readonly Line[] = [
  { name: 'p99', color: '--red' },
  { name: 'p90', color: '--orange' },
  { name: 'p50', color: '--blue' },
  { name: words.mean, color: '--text', dashed: true },
];
const STATUS_CLASSES: readonly Line[] = [
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

const singleLine = (color: string, format: (value: number) => string) =>
  new Chart({ lines: [{ name: '', color }], format });

const perSecond = (amount: number, { ms }: TimelineInterval): number => amount / (ms / 1000);

/** Percentiles and error rates over a rolling window. */
class RollingCharts {
  readonly latency = new Chart({ lines: PERCENTILES, format: formatSeconds, logarithmic: true });
  readonly errors = new Chart({ lines: ERRORS, format: formatPercent });

  update(context: ChartContext, statsOf: (interval: TimelineInterval) => RequestStats | undefined): void {
    const { windowMs, points } = rollingWindow(context.intervals, statsOf);
    const window = formatDuration(windowMs / 1000);
    drawIntervals(this.latency, words.latency(window), context, percentileLines(points));
    const rate = (read: (point: RollingPoint) => number) =>
      points.map((point) => (point.requests > 0 ? read(point) / point.requests : null));
    drawIntervals(this.errors, words.errors(window), context, [
      rate(({ errors }) => errors),
      rate(({ clientErrors }) => clientErrors),
    ]);
  }
}

/** The charts of the whole service. */
export class ServiceCharts {
  readonly #rolling = new RollingCharts();
  readonly #requests = new Chart({ lines: STATUS_CLASSES, format: formatNumber });
  readonly #vitals: readonly { title: string; chart: Chart; read: (vitals: ProcessVitals) => number }[] = [
    { title: words.active, chart: singleLine('--blue', formatNumber), read: ({ activeRequests }) => activeRequests },
    { title: words.loopDelayChart, chart: singleLine('--orange', formatSeconds), read: ({ loopDelay }) => loopDelay },
    { title: words.cpu, chart: singleLine('--green', formatNumber), read: ({ cpuCores }) => cpuCores },
    { title: words.memoryChart, chart: singleLine('--blue', formatBytes), read: ({ memoryBytes }) => memoryBytes },
  ];

  get elements(): HTMLElement[] {
    const { latency, errors } = this.#rolling;
    return [latency, this.#requests, errors, ...this.#vitals.map(({ chart }) => chart)].map(({ element }) => element);
  }

  update(context: ChartContext): void {
    const { intervals } = context;
    this.#rolling.update(context, ({ total }) => total);
    const byClass = STATUS_CLASSES.map((_, i) =>
      intervals.map((interval) => perSecond(interval.byClass[i] ?? 0, interval)),
    );
    drawIntervals(this.#requests, words.byClass, context, byClass);
    for (const { title, chart, read } of this.#vitals) {
      drawIntervals(chart, title, context, [intervals.map(({ vitals }) => (vitals ? read(vitals) : null))]);
    }
  }
}

/** The charts of one endpoint. */
export class EndpointCharts {
  readonly #rolling = new RollingCharts();
  readonly #requests = singleLine('--green', formatNumber);

  get elements(): HTMLElement[] {
    return [this.#rolling.latency, this.#requests, this.#rolling.errors].map(({ element }) => element);
  }

  update(context: ChartContext, statsOf: (interval: TimelineInterval) => RequestStats | undefined): void {
    this.#rolling.update(context, statsOf);
    const rates = context.intervals.map((interval) => perSecond(statsOf(interval)?.requests ?? 0, interval));
    drawIntervals(this.#requests, words.requestsPerSecond, context, [rates]);
  }
}
