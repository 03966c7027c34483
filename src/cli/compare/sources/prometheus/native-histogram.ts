import { MAX_EXPONENT, MIN_SCALE } from '../../../../base/histogram/encoded-histogram.ts';
import { FineHistogram } from '../../../../base/histogram/fine-histogram.ts';
import { InputError } from '../../../input-error.ts';
import { parseValue } from '../exposition.ts';
import type { NativeHistogram } from '../history.ts';

/** Numbers are texts, as of all samples. @see https://prometheus.io/docs/prometheus/latest/querying/api/#native-histograms */
export interface NativeAnswer {
  readonly sum: string;
  readonly buckets?: readonly (readonly [rule: number, low: string, high: string, count: string])[];
}

/** Relative error of the logarithm of a bound, which is written with 17 digits. */
const TOLERANCE = 1e-6;

/** @throws InputError where its buckets cannot be those of @org/apm */
export function parseNativeHistogram({ sum, buckets = [] }: NativeAnswer): NativeHistogram {
  const fine = new FineHistogram();
  for (const [, lowText, highText, countText] of buckets) {
    const [low, high, count] = [parseValue(lowText), parseValue(highText), parseValue(countText)];
    // The bucket of 0 reaches a little below it.
    if (low < 0) fine.addZeros(count);
    else addBucket(fine, low, high, count);
  }
  return { fine, sum: parseValue(sum), bucketCount: buckets.length };
}

function addBucket(fine: FineHistogram, low: number, high: number, count: number): void {
  const scale = Math.round(-Math.log2(Math.log2(high / low)));
  const exactIndex = Math.log2(high) * 2 ** scale;
  const index = Math.round(exactIndex);
  if (!(scale >= MIN_SCALE) || Math.abs(exactIndex - index) > TOLERANCE * 2 ** scale) {
    throw new InputError(
      `a native histogram has a bucket from ${low} to ${high} s, wider than those that @org/apm pushes; remove native_histogram_bucket_limit and native_histogram_min_bucket_factor from the scrape job, or select the service with --job`,
    );
  }
  fine.addEncoded([scale, 0, Math.min(index, MAX_EXPONENT * 2 ** scale) - 1, count]);
}
