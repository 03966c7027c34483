import { isFine } from '../../statistics/comparable-sides.ts';
import type { Comparison, Side } from '../../statistics/model.ts';
import { BoundsMismatch, InputError } from '../input-error.ts';
import { DEFAULT_OBJECTIVES } from '../rules/objectives.ts';

/**
 * The duration above which requests are slow, in seconds. Fine histograms take any; of others it is one of the bounds, since
 * only there the count is exact.
 * @param sides   with the same bounds, or fine histograms
 * @param wanted  without it, the objective of the alerts, or the bound nearest to it
 * @throws InputError where `wanted` is not a bound, there is no histogram, or the bounds of explicit histograms differ
 */
export function chooseObjective(sides: readonly Side[], wanted?: number): number {
  const bounds = sides[0]?.bounds;
  const areFine = sides.every(isFine);
  for (const side of sides) {
    if (!areFine && side.bounds?.join() !== bounds?.join())
      throw new BoundsMismatch(side.name, bounds ?? [], side.bounds ?? []);
  }
  if (bounds === undefined) return wanted ?? DEFAULT_OBJECTIVES.latency.seconds;
  if (bounds.length === 0) {
    throw new InputError('no request was timed: http_duration has no buckets; event streams are not timed');
  }
  if (wanted !== undefined && !bounds.includes(wanted) && !areFine) {
    throw new InputError(`--objective: expected one of the bounds, in seconds (${bounds.join(', ')}); got ${wanted}`);
  }
  const distance = (bound: number) => Math.abs(bound - DEFAULT_OBJECTIVES.latency.seconds);
  return wanted ?? bounds.reduce((best, bound) => (distance(bound) < distance(best) ? bound : best));
}

/** With a lower objective it is no wonder that no request takes longer. */
const MIN_DOUBTED_SECONDS = 10;

/**
 * A warning where an objective was probably meant in milliseconds: no request took that long.
 * @param given  the option, in seconds; undefined without it
 */
export function describeObjectiveMistake(given: number | undefined, { service }: Comparison): string[] {
  const slow = service.measures.find(({ measure }) => measure === 'slow');
  const isExceeded = slow?.before?.value !== 0 || slow.after?.value !== 0;
  if (given === undefined || given < MIN_DOUBTED_SECONDS || isExceeded) return [];
  return [
    `--objective: expected seconds, given ${given}, and no request took that long; for ${given} ms write ${given / 1000}`,
  ];
}
