import { BadInput } from './bad-input.ts';

/**
 * How many requests were slower than an objective is known where it is a bound of the buckets.
 * @param seconds  both of them
 * @throws BadInput where it is none
 */
export function refuseObjective(seconds: number, bounds: readonly number[]): void {
  if (bounds.length === 0) throw untimed();
  if (bounds.includes(seconds)) return;
  throw new BadInput(`--objective: expected one of the bounds (${bounds.join(', ')}); got ${seconds}`);
}

/** Where requests were counted only. */
export const untimed = (): BadInput =>
  new BadInput('no request was timed: there is no http_duration with buckets; event streams have none');
