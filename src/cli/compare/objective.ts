import { BadInput } from '../input-error.ts';
import { DEFAULT_OBJECTIVES } from '../rules/objectives.ts';

/**
 * What requests are counted as slow from, in seconds: one of the bounds, as only there they are counted exactly.
 * @param given  by default that bound which is nearest to the alerts' objective
 * @throws BadInput where it is none, or there are none
 */
export function objectiveOf(bounds: readonly number[], given?: number): number {
  if (bounds.length === 0) {
    throw new BadInput('no request was timed: there is no http_duration with buckets; event streams have none');
  }
  if (given !== undefined && !bounds.includes(given)) {
    throw new BadInput(`--objective: expected one of the bounds (${bounds.join(', ')}); got ${given}`);
  }
  const wanted = DEFAULT_OBJECTIVES.latency.seconds;
  const distance = (bound: number) => Math.abs(bound - wanted);
  return given ?? bounds.reduce((best, bound) => (distance(bound) < distance(best) ? bound : best));
}
