import type { TimelineInterval } from './decode.ts';

/** A process whose first interval ends within this time of its start is a new one, and not one that took over. */
const YOUNG_SECONDS = 60;

/**
 * Whether the service was started anew before this interval. When only the process that answers has exited, and another
 * one of the same service answers from now on, that is no new start.
 */
function isNewRun(interval: TimelineInterval, previous: TimelineInterval | undefined): boolean {
  if (interval.first > 1) return false;
  if (previous === undefined) return true;
  if (interval.process === previous.process) return false;
  if (interval.version !== previous.version || previous.running <= 1 || interval.uptime < YOUNG_SECONDS) return true;
  return !Array.from(interval.processes.keys()).some((pid) => previous.processes.has(pid));
}

/** Index of the interval with which the last run of the service starts; 0 where it started before all of them. */
export const startOfLastRun = (intervals: readonly TimelineInterval[]): number =>
  Math.max(
    0,
    intervals.findLastIndex((interval, i) => isNewRun(interval, intervals[i - 1])),
  );

/** When processes started, as far as the intervals show it; in seconds since 1970. */
export function processStarts(intervals: readonly TimelineInterval[]): number[] {
  return intervals
    .filter((interval, i) => {
      const previous = intervals[i - 1];
      if (isNewRun(interval, previous)) return true;
      return (
        previous !== undefined && Array.from(interval.processes.keys()).some((pid) => !previous.processes.has(pid))
      );
    })
    .map(({ at, ms }) => (at - ms) / 1000);
}
