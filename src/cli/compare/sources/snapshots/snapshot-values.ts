import { totalCount } from '../../../../base/counts.ts';
import { FineHistogram } from '../../../../base/histogram/fine-histogram.ts';
import { InputError } from '../../../input-error.ts';

const SAVE_AGAIN = 'save it again: apm snapshot';

export const notASnapshot = (source: string, problem: string): InputError =>
  new InputError(`${source} is not a snapshot: ${problem}; ${SAVE_AGAIN}`);

/** @throws where what was timed is malformed, or the two histograms disagree */
export function readTimed(given: Readonly<Record<string, unknown>>, bounds: readonly number[]): FineHistogram {
  const { details, seconds, counts, fine: encoded } = given;
  if (!isSeconds(seconds)) throw new Error('its seconds are negative or no number');
  if (details !== undefined && !isObject(details)) throw new Error('its details are no object');
  if (!Array.isArray(counts) || counts.length !== bounds.length + 1 || !counts.every(isCount)) {
    throw new Error('its counts are not those of the bounds');
  }
  const fine = FineHistogram.decode(encoded);
  const timed = totalCount(counts);
  if (fine.total !== timed)
    throw new Error(`its counts have ${timed} values, and its fine histogram has ${fine.total}`);
  return fine;
}

export const isSeconds = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;
export const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
