import { InputError } from '../input-error.ts';
import { DEFAULT_OBJECTIVES } from '../rules/objectives.ts';

/**
 * The duration above which requests are slow, in seconds. It is one of the bounds, since only there the count is exact.
 * @param wanted  without it, the bound nearest to the objective of the alerts
 * @throws InputError where `wanted` is not a bound, or there are no bounds
 */
export function chooseObjective(bounds: readonly number[] = [], wanted?: number): number {
  if (bounds.length === 0) {
    throw new InputError('no request was timed: http_duration has no buckets; event streams are not timed');
  }
  if (wanted !== undefined && !bounds.includes(wanted)) {
    throw new InputError(`--objective: expected one of the bounds (${bounds.join(', ')}); got ${wanted}`);
  }
  const distance = (bound: number) => Math.abs(bound - DEFAULT_OBJECTIVES.latency.seconds);
  return wanted ?? bounds.reduce((best, bound) => (distance(bound) < distance(best) ? bound : best));
}
