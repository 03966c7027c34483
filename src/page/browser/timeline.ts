import type { Counters, PageData, Vitals } from '../protocol.ts';
import { Sum } from './sum.ts';

/** Milliseconds that are shown. */
export const SHOWN = 30 * 60_000;

/** What the paths that are not told apart are counted as. */
export const OTHER = 'other';

/** A slot as it is kept here, where ids mean nothing once the process that gave them has gone. */
export interface Moment {
  readonly at: number;
  readonly ms: number;
  readonly version: string | null;
  readonly byClass: readonly number[];
  readonly running: number;
  readonly signs: Vitals;
  readonly total: Sum;
  /** By key: see `keyOf`. */
  readonly endpoints: ReadonlyMap<string, Counters>;
  readonly hosts: readonly (readonly [string, ...Counters])[];
  readonly processes: readonly (readonly [string, ...Vitals, ...Counters])[];
}

/** An endpoint's name, over restarts. */
export const keyOf = (path: string, method: string): string => `${method} ${path}`;
export const ofKey = (key: string): [method: string, path: string] => {
  const blank = key.indexOf(' ');
  return [key.slice(0, blank), key.slice(blank + 1)];
};

const processOf = (data: PageData | undefined): string | undefined => data?.next.split('.')[0];
const lastOf = (data: PageData): number => Number(data.next.split('.')[1]);

/** What the service has told, over its restarts. */
export class Timeline {
  readonly moments: Moment[] = [];
  data: PageData | undefined;
  /** Keys by the ids of the process that answers now. */
  #keys = new Map<number, string>();
  /** The last slot of that process: its number, and when it ended by the clock of then. */
  #last = { number: 0, at: Number.NEGATIVE_INFINITY };
  /** Keys of endpoints it does not tell apart any more. */
  #dropped: ReadonlySet<string> = new Set();

  /** What the server asks to be asked for next. */
  get after(): string {
    return this.data?.next ?? '';
  }

  get bounds(): readonly number[] {
    return this.data?.bounds ?? [];
  }

  /** What happened within these milliseconds before the last moment. */
  last(milliseconds: number): readonly Moment[] {
    const end = this.moments.at(-1)?.at ?? 0;
    return this.moments.filter(({ at }) => at > end - milliseconds);
  }

  add(data: PageData): void {
    const isOther =
      this.data?.service.name !== data.service.name ||
      // Other buckets: what was told in them cannot be added to.
      this.data.bounds.join() !== data.bounds.join();
    if (isOther) this.moments.length = 0;
    if (processOf(this.data) !== processOf(data)) {
      this.#keys = new Map();
      this.#last = { number: 0, at: Number.NEGATIVE_INFINITY };
      const ahead = (this.moments.at(-1)?.at ?? 0) - data.now;
      // Less than that is two processes, of which one began before the other's end was known.
      if (ahead > data.every) this.#setBack(ahead);
    }
    this.data = data;
    for (const [id, [path, method]] of Object.entries(data.endpoints)) this.#keys.set(Number(id), keyOf(path, method));
    const kept = new Set(data.kept.map((id) => this.#keys.get(id)));
    this.#dropped = new Set(Array.from(this.#keys.values()).filter((key) => !kept.has(key)));
    const buckets = data.bounds.length + 1;
    let number = lastOf(data) - data.intervals.length;
    for (const slot of data.intervals) {
      // Asked for twice.
      if (++number <= this.#last.number) continue;
      const last = this.moments.at(-1);
      const isBack = slot.at <= this.#last.at;
      this.#last = { number, at: slot.at };
      if (isBack && last) this.#setBack(last.at - (slot.at - slot.ms));
      // What two processes tell of the same time would be drawn one over the other.
      else if (last && slot.at <= last.at) continue;
      const endpoints = new Map<string, Counters>();
      const total = new Sum(buckets);
      for (const [id, ...tallied] of slot.endpoints) {
        endpoints.set(this.#keys.get(id) ?? '', tallied);
        total.add(tallied);
      }
      const { at, ms, byClass, running, vitals: signs, hosts, processes } = slot;
      const { version } = data.service;
      this.moments.push({ at, ms, version, byClass, running, signs, total, endpoints, hosts, processes });
    }
    const end = this.moments.at(-1)?.at ?? 0;
    const old = this.moments.findIndex(({ at }) => at > end - SHOWN);
    if (old > 0) this.moments.splice(0, old);
  }

  /** A clock that was set back would draw over what is drawn: that was before, so it is shown before. */
  #setBack(milliseconds: number): void {
    this.moments.forEach((moment, i) => {
      this.moments[i] = { ...moment, at: moment.at - milliseconds };
    });
  }

  /** Sums by endpoint. What has lost its place among those told apart is part of `other` here too. */
  byEndpoint(moments: readonly Moment[]): Map<string, Sum> {
    const sums = new Map<string, Sum>();
    for (const { endpoints } of moments) {
      for (const [name, tallied] of endpoints) {
        const key = this.#shownAs(name);
        let sum = sums.get(key);
        if (sum === undefined) {
          sum = new Sum(this.bounds.length + 1);
          sums.set(key, sum);
        }
        sum.add(tallied);
      }
    }
    return sums;
  }

  /** One of those sums, of one moment. */
  sumOf({ endpoints }: Moment, key: string): Sum | undefined {
    let sum: Sum | undefined;
    // Only `other` is of several.
    const names = ofKey(key)[1] === OTHER ? endpoints.keys() : [key];
    for (const name of names) {
      const tallied = endpoints.get(name);
      if (tallied && this.#shownAs(name) === key) sum = (sum ?? new Sum(this.bounds.length + 1)).add(tallied);
    }
    return sum;
  }

  #shownAs(name: string): string {
    return this.#dropped.has(name) ? keyOf(OTHER, ofKey(name)[0]) : name;
  }
}
