import type { TimelineInterval } from './decode.ts';
import type { RequestStats } from './request-stats.ts';
import type { RequestTotals } from './request-totals.ts';
import { RunningTotals } from './running-totals.ts';

const GROUPS = ['endpoints', 'hosts', 'processes'] as const;
type Group = (typeof GROUPS)[number];

/** Totals of a time range: by endpoint, host and process. */
export type TotalsByGroup = Readonly<Record<Group, ReadonlyMap<string, RequestTotals>>>;

/** The totals of each time range that can be chosen, so that another choice is shown at once. */
export class RangeTotals {
  readonly #ranges: ReadonlyMap<number, Readonly<Record<Group, RunningTotals>>>;

  /** @param ranges in milliseconds */
  constructor(ranges: readonly number[]) {
    const create = () => ({
      endpoints: new RunningTotals(),
      hosts: new RunningTotals(),
      processes: new RunningTotals(),
    });
    this.#ranges = new Map(ranges.map((ms) => [ms, create()]));
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
      const [endpoints, hosts, processes] = GROUPS.map((group) => totals[group].update(rows(group)));
      if (ms === shown) found = { endpoints, hosts, processes } as TotalsByGroup;
    }
    if (found === undefined) throw new Error(`${shown} ms is no time range`);
    return found;
  }
}
