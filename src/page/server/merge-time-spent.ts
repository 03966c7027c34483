import { getOrAdd } from '../../base/get-or-add.ts';
import { ON_CODE, ON_UNSEEN, OTHER } from '../../semconv.ts';
import type { TimeSpentRow } from '../protocol.ts';
import { encodeTimeSpent, MAX_SPENT_ON } from './time-spent.ts';

/**
 * Adds up where the time of several intervals went.
 * @param listedId the id under which the requests of an endpoint are listed now
 */
export async function mergeTimeSpent(
  rows: readonly TimeSpentRow[],
  listedId: (id: number) => number,
  pause: () => unknown,
): Promise<TimeSpentRow[]> {
  const listed = mostSpentOn(rows);
  const sums = [0, 1].map(() => new Map<string, Map<number, number>>());
  for (const [on, slow, ...times] of rows) {
    const sum = sums[slow] as Map<string, Map<number, number>>;
    const seconds = getOrAdd(sum, listed.has(on) ? on : OTHER, () => new Map<number, number>());
    for (let i = 0; i < times.length; i += 2) {
      const id = listedId(times[i] as number);
      seconds.set(id, (seconds.get(id) ?? 0) + (times[i + 1] as number));
    }
    await pause();
  }
  return sums.flatMap((sum, slow) => Array.from(sum, ([on, seconds]) => encodeTimeSpent(on, slow as 0 | 1, seconds)));
}

/** An app may call other hosts in each interval; those with least time become `other`. */
function mostSpentOn(rows: readonly TimeSpentRow[]): Set<string> {
  const totals = new Map<string, number>();
  for (const [on, , ...times] of rows) {
    const seconds = times.reduce((sum, value, i) => (i % 2 === 1 ? sum + value : sum), 0);
    totals.set(on, (totals.get(on) ?? 0) + seconds);
  }
  const own = [ON_CODE, ON_UNSEEN];
  const called = Array.from(totals)
    .filter(([on]) => on !== OTHER && !own.includes(on))
    .sort(([, a], [, b]) => b - a)
    .map(([on]) => on);
  return new Set([...own, ...called.slice(0, MAX_SPENT_ON)]);
}
