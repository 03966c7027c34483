import { Marks } from '../../../src/page/browser/model/marks.ts';
import { Timeline } from '../../../src/page/browser/model/timeline.ts';
import type { Counters, Interval, ProcessCounters } from '../../../src/page/protocol.ts';
import { counters, pageData } from './page-data.ts';

type Endpoints = Readonly<Record<string, Counters>>;

/**
 * @property id      identifies the process; another one has another id
 * @property uptime  before its first interval, in seconds
 * @property pids    of all processes of the service
 */
export interface Process {
  readonly id: string;
  readonly version?: string | null;
  readonly uptime?: number;
  readonly pids?: readonly string[];
}

/** A service as the page sees it: its processes answer one after the other. */
export class ObservedService {
  readonly timeline = new Timeline();
  readonly marks = new Marks(this.timeline);
  #now = 0;
  #numbers = new Map<string, number>();

  /** Sets the clock of the service. @param seconds  since 1970 */
  setClock(seconds: number): void {
    this.#now = 1000 * seconds;
  }

  /** The page asks after each interval of five seconds. @param intervals  the counters of each endpoint, by key */
  answer({ id, version = '1', uptime = 0, pids = ['17'] }: Process, intervals: readonly Endpoints[]): void {
    for (const endpoints of intervals) {
      const number = (this.#numbers.get(id) ?? 0) + 1;
      this.#numbers.set(id, number);
      const data = pageData([endpoints], {}, this.#now);
      this.#now += 5_000;
      const [interval] = data.intervals as [Interval];
      const processes = pids.map((pid): ProcessCounters => [pid, null, null, null, null, ...counters()]);
      this.timeline.add({
        ...data,
        next: `${id}.${number}`,
        now: this.#now,
        uptime: uptime + 5 * number,
        service: { name: 'shop', version },
        intervals: [{ ...interval, first: number, last: number, running: pids.length, processes }],
      });
      this.marks.detectVersionChange();
    }
  }
}

/** The counters of `GET /a` in some intervals, which have this many requests each. */
export const requestsTo = (...requests: number[]): Endpoints[] =>
  requests.map((count) => (count > 0 ? { 'GET /a': counters(count) } : {}));
