import { FineHistogram } from '../../../src/base/histogram/fine-histogram.ts';
import { textOf } from '../../../src/base/histogram/histogram-text.ts';

/** The histogram of requests that took these seconds. */
export function histogramOf(seconds: readonly number[]): FineHistogram {
  const histogram = new FineHistogram();
  for (const value of seconds) histogram.record(value);
  return histogram;
}

/** The same as the service sends it. */
export const durations = (...seconds: number[]): string => textOf(histogramOf(seconds));
