import type { TimelineInterval } from './decode.ts';
import { RequestTotals } from './request-totals.ts';
import type { Timeline } from './timeline.ts';

/**
 * What the requests of an endpoint spent time on.
 * @property on         a host, system and host of a database, `code`, `unseen`, or `other`
 * @property share      of the time of all its requests, 0 to 1
 * @property perRequest mean seconds; undefined without timed requests
 * @property slowShare  of the time of its slow requests; undefined where none was slow
 */
export interface SpentOn {
  readonly on: string;
  readonly share: number;
  readonly perRequest: number | undefined;
  readonly slowShare: number | undefined;
}

/**
 * Where the time of an endpoint went, most first.
 * @param intervals with the requests of all labels: time is not known by label
 * @param shown     key of the endpoint, as it is listed now
 */
export function spentBy(timeline: Timeline, intervals: readonly TimelineInterval[], shown: string): SpentOn[] {
  const requests = new RequestTotals();
  const [all, slow] = [new Map<string, number>(), new Map<string, number>()];
  for (const interval of intervals) {
    const stats = timeline.endpointStats(interval, shown);
    if (stats) requests.add(stats);
    for (const { on, isSlow, seconds } of interval.timeSpent) {
      for (const [key, value] of seconds) {
        if (!timeline.isShownAs(key, shown)) continue;
        all.set(on, (all.get(on) ?? 0) + value);
        if (isSlow) slow.set(on, (slow.get(on) ?? 0) + value);
      }
    }
  }
  const [seconds, slowSeconds] = [sumOf(all), sumOf(slow)];
  return Array.from(all)
    .filter(([, value]) => value > 0)
    .map(([on, value]) => ({
      on,
      share: value / seconds,
      perRequest: requests.timed > 0 ? value / requests.timed : undefined,
      slowShare: slowSeconds > 0 ? (slow.get(on) ?? 0) / slowSeconds : undefined,
    }))
    .sort((a, b) => b.share - a.share);
}

const sumOf = (seconds: ReadonlyMap<string, number>): number =>
  Array.from(seconds.values()).reduce((sum, value) => sum + value, 0);
