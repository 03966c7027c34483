import { type BoundedValue, quantilesOf } from '../../base/histogram/histogram.ts';
import type { CallTotals, SpentSeconds } from '../compare/sources/outgoing.ts';

/**
 * The calls of one kind over the period. Percentiles and the mean are in seconds; undefined with too few calls.
 * @property called     a host, or system and host of a database
 * @property operation  the method of HTTP, or the operation of a database
 * @property seconds    of all calls together
 * @property failed     share without an answer, or answered with 5xx; undefined of databases
 */
export interface CallSummary {
  readonly called: string;
  readonly operation: string;
  readonly calls: number;
  readonly p99: BoundedValue | undefined;
  readonly p50: BoundedValue | undefined;
  readonly mean: number;
  readonly seconds: number;
  readonly failed: number | undefined;
}

/**
 * What an endpoint spent time on.
 * @property on         a host, system and host of a database, `code`, `unseen`, or `other`
 * @property share      of the time of its requests, 0 to 1
 * @property slowShare  of the time of its slow requests (`APM_SLOW`); undefined where none was slow
 */
export interface SpentOn {
  readonly on: string;
  readonly seconds: number;
  readonly share: number;
  readonly slowShare: number | undefined;
}

/** Calls needed for a p99: with fewer, less than one call is in its tail. */
const MIN_CALLS = 100;

/** Those that took most time. @param length at most */
export const summariseCalls = (calls: readonly CallTotals[], length: number): CallSummary[] =>
  calls
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, length)
    .map(({ called, operation, calls, failed, seconds, histogram }) => {
      const [p99, p50] = quantilesOf(histogram, [0.99, 0.5]);
      return {
        called,
        operation,
        calls,
        p99: calls < MIN_CALLS ? undefined : p99,
        p50: calls < 2 ? undefined : p50,
        mean: seconds / calls,
        seconds,
        failed: failed === undefined ? undefined : failed / calls,
      };
    });

/** Most time first. */
export function spentBy(byName: ReadonlyMap<string, SpentSeconds> = new Map()): SpentOn[] {
  const all = Array.from(byName.values());
  const seconds = all.reduce((sum, spent) => sum + spent.seconds, 0);
  const slow = all.reduce((sum, spent) => sum + spent.slow, 0);
  return Array.from(byName, ([on, spent]) => ({
    on,
    seconds: spent.seconds,
    share: spent.seconds / seconds,
    slowShare: slow > 0 ? spent.slow / slow : undefined,
  }))
    .filter((spent) => spent.seconds > 0)
    .sort((a, b) => b.seconds - a.seconds);
}
