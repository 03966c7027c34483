import type { PageData, Signs, Tallied } from '../data.ts';
import { Sum } from './sum.ts';

/** Milliseconds that are shown. */
export const SHOWN = 30 * 60_000;

/** A slot as it is kept here, where ids mean nothing once the process that gave them has gone. */
export interface Moment {
  readonly at: number;
  readonly ms: number;
  readonly version: string | null;
  readonly byClass: readonly number[];
  readonly running: number;
  readonly signs: Signs;
  readonly total: Sum;
  /** By key: see `keyOf`. */
  readonly endpoints: ReadonlyMap<string, Tallied>;
  readonly hosts: readonly (readonly [string, ...Tallied])[];
  readonly processes: readonly (readonly [string, ...Signs, ...Tallied])[];
}

/** An endpoint's name, over restarts. */
export const keyOf = (path: string, method: string): string => `${method} ${path}`;
export const ofKey = (key: string): [method: string, path: string] => {
  const blank = key.indexOf(' ');
  return [key.slice(0, blank), key.slice(blank + 1)];
};

/** What the service has told, over its restarts. */
export class Timeline {
  readonly moments: Moment[] = [];
  data: PageData | undefined;

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
    // Other bounds are other buckets: what was told in them cannot be added to.
    if (this.data && this.data.bounds.join() !== data.bounds.join()) this.moments.length = 0;
    this.data = data;
    const buckets = data.bounds.length + 1;
    for (const slot of data.slots) {
      const last = this.moments.at(-1);
      // A clock that was set back would draw over what is drawn.
      if (last && slot.at <= last.at) continue;
      const endpoints = new Map<string, Tallied>();
      const total = new Sum(buckets);
      for (const [id, ...tallied] of slot.endpoints) {
        const [path, method] = data.endpoints[id] ?? ['?', '?'];
        endpoints.set(keyOf(path, method), tallied);
        total.add(tallied);
      }
      const { at, ms, byClass, running, signs, hosts, processes } = slot;
      const { version } = data.service;
      this.moments.push({ at, ms, version, byClass, running, signs, total, endpoints, hosts, processes });
    }
    const end = this.moments.at(-1)?.at ?? 0;
    const old = this.moments.findIndex(({ at }) => at > end - SHOWN);
    if (old > 0) this.moments.splice(0, old);
  }

  /** Sums by endpoint. What has lost its place among those told apart is part of `other` here too. */
  byEndpoint(moments: readonly Moment[]): Map<string, Sum> {
    const sums = new Map<string, Sum>();
    for (const { endpoints } of moments) {
      for (const [key, tallied] of endpoints) {
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
}
