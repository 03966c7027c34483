import type { Interval, PageData } from '../../protocol.ts';
import { decodeInterval, type KnownEndpoint, type TimelineInterval } from './decode.ts';
import { endpointKey, isOther, otherKey } from './endpoint-key.ts';
import { type LabelChoice, withLabels } from './label-choice.ts';
import type { RequestStats } from './request-stats.ts';
import { RequestTotals } from './request-totals.ts';

const TIMELINE_MS = 30 * 60_000;

/** Identifies the process that answered. */
const processOf = ({ next }: PageData): string => next.split('.')[0] as string;

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

  /** The intervals of the last `milliseconds`. @param choice requests with other labels are left out */
  recent(milliseconds: number, choice: LabelChoice = []): readonly TimelineInterval[] {
    const end = this.intervals.at(-1)?.at ?? 0;
    return withLabels(
      this.intervals.filter(({ at }) => at > end - milliseconds),
      choice,
    );
  }

  add(data: PageData): void {
    if (this.latest?.service.name !== data.service.name) this.intervals.length = 0;
    if (this.latest?.labels?.join() !== data.labels?.join()) this.#dropLabels();
    if (this.latest === undefined || processOf(this.latest) !== processOf(data)) this.#startProcess(data);
    this.latest = data;
    this.#updateKeys(data);
    const startedAt = data.now - 1000 * data.uptime;
    const source = { process: processOf(data), startedAt, version: data.service.version, known: this.#known };
    for (const interval of data.intervals) {
      if (this.#accept(interval, source.process)) this.intervals.push(decodeInterval(interval, source));
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
  #accept({ first, last, at, ms }: Interval, process: string): boolean {
    // Two requests for the same data were answered.
    if (last <= this.#last.number) return false;
    if (first <= this.#last.number) this.#dropMerged(first, process);
    const previous = this.intervals.at(-1);
    const isClockSetBack = at <= this.#last.at;
    this.#last = { number: last, at };
    if (isClockSetBack && previous) this.#shiftBack(previous.at - (at - ms));
    // Two processes reported the same time; the charts would draw one over the other.
    else if (previous && at <= previous.at) return false;
    return true;
  }

  /** While the page did not ask, the service merged intervals that the page has with later ones. */
  #dropMerged(first: number, process: string): void {
    while (this.intervals.at(-1)?.process === process && (this.intervals.at(-1)?.last ?? 0) >= first) {
      this.intervals.pop();
    }
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

  /** Totals by the endpoints that are listed now. Those that are no longer listed separately are part of `other`. */
  listedTotals(totals: ReadonlyMap<string, RequestTotals>): Map<string, RequestTotals> {
    const listed = new Map<string, RequestTotals>();
    for (const [key, stats] of totals) {
      const shown = this.#shownKey(key);
      const known = listed.get(shown);
      // Copied before something is added: the totals of a key stay its own.
      listed.set(shown, known === undefined ? stats : known.copy().add(stats));
    }
    return listed;
  }

  /** Requests of one listed endpoint in one interval. */
  endpointStats({ endpoints }: TimelineInterval, shown: string): RequestStats | undefined {
    if (!isOther(shown)) return this.#merged.has(shown) ? undefined : endpoints.get(shown);
    let sum: RequestTotals | undefined;
    for (const [key, stats] of endpoints) {
      if (this.#shownKey(key) === shown) sum = (sum ?? new RequestTotals()).add(stats);
    }
    return sum;
  }

  /** Whether what is known of an endpoint is shown under a listed one. */
  isShownAs(key: string, shown: string): boolean {
    return this.#shownKey(key) === shown;
  }

  #shownKey(key: string): string {
    return this.#merged.has(key) ? otherKey(key) : key;
  }
}
