import { getOrAdd } from '../base/get-or-add.ts';
import { ON_CODE, ON_UNSEEN } from '../semconv.ts';
import type { TimeSpentLabels } from './kinds.ts';
import type { Series } from './model.ts';
import type { SeriesTable } from './series-table.ts';

/** The series of one path and method, of slow or of other requests, by what their time was spent on. */
interface Endpoint {
  readonly labels: Pick<TimeSpentLabels, 'path' | 'method' | 'slow'>;
  readonly guessed: boolean;
  readonly series: Map<string, Series<TimeSpentLabels>>;
}

/** Where the time of one finished request went, in milliseconds. Together they are what it took. */
export interface TimeOfRequest {
  readonly codeMs: number;
  readonly unseenMs: number;
  readonly calls: Iterable<{ readonly on: string; readonly ms: number }>;
}

/** Where the time of the finished requests of this process went. */
export class TimeSeries {
  readonly #table: SeriesTable<TimeSpentLabels>;
  readonly #slowSeconds: number;
  readonly #slow = new Map<string, Map<string, Endpoint>>();
  readonly #others = new Map<string, Map<string, Endpoint>>();

  /** @param slowSeconds `APM_SLOW` */
  constructor(table: SeriesTable<TimeSpentLabels>, slowSeconds: number) {
    this.#table = table;
    this.#slowSeconds = slowSeconds;
  }

  /**
   * @param method  a known one or `_OTHER`
   * @param guessed whether the path is a guess
   */
  record(path: string, method: string, seconds: number, time: TimeOfRequest, guessed: boolean): void {
    const isSlow = seconds > this.#slowSeconds;
    const bound = isSlow ? this.#slow : this.#others;
    let endpoint = bound.get(path)?.get(method);
    if (endpoint === undefined || (endpoint.guessed && !guessed)) {
      endpoint = { labels: { path, method, slow: isSlow ? 'true' : 'false' }, guessed, series: new Map() };
      getOrAdd(bound, path, () => new Map<string, Endpoint>()).set(method, endpoint);
    }
    this.#add(endpoint, ON_CODE, time.codeMs);
    this.#add(endpoint, ON_UNSEEN, time.unseenMs);
    for (const { on, ms } of time.calls) this.#add(endpoint, on, ms);
  }

  #add({ labels, guessed, series: bound }: Endpoint, on: string, ms: number): void {
    // Sums may not decrease.
    if (!(ms > 0)) return;
    let series = bound.get(on);
    if (series === undefined) {
      series = this.#table.find({ ...labels, on }, guessed);
      // There may be any number of those beyond the limits: only the table's own are kept here.
      if (series.labels.on === on) bound.set(on, series);
    }
    series.count++;
    series.sum += ms / 1000;
  }
}
