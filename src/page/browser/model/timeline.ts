import type { Interval, PageData } from '../../protocol.ts';
import { decodeInterval, type KnownEndpoint, type TimelineInterval } from './decode.ts';
import { endpointKey, isOther, otherKey } from './endpoint-key.ts';
import { type LabelChoice, withLabels } from './label-choice.ts';
import { RequestTotals } from './request-totals.ts';

const TIMELINE_MS = 30 * 60_000;

/** Identifies the process that answered. */
const processOf = (data: PageData | undefined): string | undefined => data?.next.split('.')[0];
/** Number of the last interval of an answer. */
const lastNumber = (data: PageData): number => Number(data.next.split('.')[1]);

const NO_INTERVAL = { number: 0, at: Number.NEGATIVE_INFINITY };

/** The last half hour of the service, across restarts. */
export class Timeline {
  readonly intervals: TimelineInterval[] = [];
  /** The last answer. */
  latest: PageData | undefined;
  /** Endpoints by the ids of the process that answers now. */
  #known = new Map<number, KnownEndpoint>();
  /** The last interval of that process: its number, and its end by the process's clock at that time. */
  #last = NO_INTERVAL;
  /** Keys of endpoints that it no longer lists separately. */
  #merged: ReadonlySet<string> = new Set();

  /** What to ask the service for next. */
  get cursor(): string {
    return this.latest?.next ?? '';
  }

  get bounds(): readonly number[] {
    return this.latest?.bounds ?? [];
  }

  /** The intervals of the last `milliseconds`. @param choice requests with other labels are left out */
  recent(milliseconds: number, choice: LabelChoice = []): readonly TimelineInterval[] {
    const end = this.intervals.at(-1)?.at ?? 0;
    return withLabels(
      this.intervals.filter(({ at }) => at > end - milliseconds),
      choice,
      this.bounds.length + 1,
    );
  }

  add(data: PageData): void {
    const isOtherService = this.latest?.service.name !== data.service.name;
    // Counts of different buckets cannot be added.
    if (isOtherService || this.latest?.bounds.join() !== data.bounds.join()) this.intervals.length = 0;
    if (this.latest?.labels?.join() !== data.labels?.join()) this.#dropLabels();
    if (processOf(this.latest) !== processOf(data)) this.#startProcess(data);
    this.latest = data;
    this.#updateKeys(data);
    let number = lastNumber(data) - data.intervals.length;
    for (const interval of data.intervals) {
      number++;
      if (this.#accept(interval, number)) {
        const { bounds, service } = data;
        this.intervals.push(decodeInterval(interval, service.version, this.#known, bounds.length + 1));
      }
    }
    this.#dropOld();
  }

  /** Values of other labels would be shown under the names of these. */
  #dropLabels(): void {
    this.intervals.forEach((interval, i) => {
      this.intervals[i] = { ...interval, labelled: [] };
    });
  }

  #startProcess({ now, every }: PageData): void {
    this.#known = new Map();
    this.#last = NO_INTERVAL;
    const ahead = (this.intervals.at(-1)?.at ?? 0) - now;
    // Less than one interval ahead is no other clock: the new process started before the last interval of the old one.
    if (ahead > every) this.#shiftBack(ahead);
  }

  #updateKeys({ endpoints, kept }: PageData): void {
    for (const [id, [path, method, ...labels]] of Object.entries(endpoints)) {
      this.#known.set(Number(id), { key: endpointKey(path, method), labels });
    }
    const listed = new Set(kept.map((id) => this.#known.get(id)?.key));
    const keys = Array.from(this.#known.values(), ({ key }) => key);
    this.#merged = new Set(keys.filter((key) => !listed.has(key)));
  }

  /** @returns whether the interval is new and does not overlap with what is there */
  #accept({ at, ms }: Interval, number: number): boolean {
    // Two requests for the same data were answered.
    if (number <= this.#last.number) return false;
    const previous = this.intervals.at(-1);
    const isClockSetBack = at <= this.#last.at;
    this.#last = { number, at };
    if (isClockSetBack && previous) this.#shiftBack(previous.at - (at - ms));
    // Two processes reported the same time; the charts would draw one over the other.
    else if (previous && at <= previous.at) return false;
    return true;
  }

  /** The clock was set back: shifts what is there, so that the new intervals are drawn after it and not over it. */
  #shiftBack(milliseconds: number): void {
    this.intervals.forEach((interval, i) => {
      this.intervals[i] = { ...interval, at: interval.at - milliseconds };
    });
  }

  #dropOld(): void {
    const end = this.intervals.at(-1)?.at ?? 0;
    const firstKept = this.intervals.findIndex(({ at }) => at > end - TIMELINE_MS);
    if (firstKept > 0) this.intervals.splice(0, firstKept);
  }

  /** Totals by endpoint. Endpoints that are no longer listed separately are part of `other`, also in earlier intervals. */
  totalsByEndpoint(intervals: readonly TimelineInterval[]): Map<string, RequestTotals> {
    const totals = new Map<string, RequestTotals>();
    for (const { endpoints } of intervals) {
      for (const [key, stats] of endpoints) {
        const shown = this.#shownKey(key);
        let sum = totals.get(shown);
        if (sum === undefined) {
          sum = new RequestTotals(this.bounds.length + 1);
          totals.set(shown, sum);
        }
        sum.add(stats);
      }
    }
    return totals;
  }

  /** Totals of one endpoint in one interval. */
  endpointTotals({ endpoints }: TimelineInterval, shown: string): RequestTotals | undefined {
    let sum: RequestTotals | undefined;
    // Only `other` combines several endpoints.
    for (const key of isOther(shown) ? endpoints.keys() : [shown]) {
      const stats = endpoints.get(key);
      if (stats && this.#shownKey(key) === shown) sum = (sum ?? new RequestTotals(this.bounds.length + 1)).add(stats);
    }
    return sum;
  }

  #shownKey(key: string): string {
    return this.#merged.has(key) ? otherKey(key) : key;
  }
}
