import type { TimelineInterval } from './decode.ts';
import type { RequestStats } from './request-stats.ts';
import type { RequestTotals } from './request-totals.ts';
import { RunningTotals } from './running-totals.ts';

const GROUPS = ['endpoints', 'hosts', 'databases', 'processes'] as const;
type Group = (typeof GROUPS)[number];

/** Totals of a time range: by endpoint, by what was called, and by process. */
export type TotalsByGroup = Readonly<Record<Group, ReadonlyMap<string, RequestTotals>>>;

/** The totals of each time range that can be chosen, so that another choice is shown at once. */
export class RangeTotals {
  readonly #ranges: ReadonlyMap<number, Readonly<Record<Group, RunningTotals>>>;

  /** @param ranges in milliseconds */
  constructor(ranges: readonly number[]) {
    this.#ranges = new Map(ranges.map((ms) => [ms, byGroup(() => new RunningTotals())]));
  }

  /**
   * @param intervalsOf the intervals of a time range
   * @param shown       the totals of this time range are returned
   */
  update(intervalsOf: (ms: number) => readonly TimelineInterval[], shown: number): TotalsByGroup {
    let found: TotalsByGroup | undefined;
    for (const [ms, totals] of this.#ranges) {
      const intervals = intervalsOf(ms);
      const rows = (group: Group): ReadonlyMap<string, RequestStats>[] => intervals.map((interval) => interval[group]);
      const updated = byGroup((group) => totals[group].update(rows(group)));
      if (ms === shown) found = updated;
    }
    if (found === undefined) throw new Error(`${shown} ms is no time range`);
    return found;
  }
}

const byGroup = <T>(create: (group: Group) => T): Record<Group, T> =>
  Object.fromEntries(GROUPS.map((group) => [group, create(group)])) as Record<Group, T>;
