import type { NativeHistogram, StoredSeries } from '../history.ts';
import type { TimeRange } from '../time-range.ts';
import { type PrometheusApi, QueryTooLarge } from './api.ts';

/** A native histogram is as large as the samples of its buckets. */
const sizeOf = (value: number | NativeHistogram): number => (typeof value === 'number' ? 1 : 1 + value.bucketCount);

/** Samples per page: about 10 MB of JSON. Prometheus refuses queries of more than 50 million. */
export const PAGE_SAMPLES = 200_000;
/** Lengths of a page in time. Whole milliseconds, so that rounding loses no sample between two pages. */
const FIRST_PAGE_MS = 120_000;
const MIN_PAGE_MS = 1_000;
const MAX_PAGE_MS = 86_400_000;
/** A page is at most four times longer or shorter than the one before. */
const MAX_GROWTH = 4;

/**
 * The stored samples of a range, page by page, oldest first. The length of a page is estimated from the page before. A
 * page that is too large for Prometheus is halved.
 * @param pageSamples  wanted samples per page
 * @param onProgress   gets the share that is done, 0 to 1
 */
export async function* queryPages(
  api: PrometheusApi,
  selectors: readonly string[],
  { from, to }: TimeRange,
  pageSamples: number,
  onProgress: (share: number) => void = () => {},
): AsyncGenerator<StoredSeries[]> {
  const [first, last] = [Math.round(from * 1000), Math.round(to * 1000)];
  let length = FIRST_PAGE_MS;
  let maxLength = MAX_PAGE_MS;
  for (let start = first; start < last; ) {
    const end = Math.min(start + length, last);
    const page: StoredSeries[] = [];
    try {
      for (const selector of selectors) page.push(...(await api.querySamples(selector, end - start, end)));
    } catch (error) {
      if (!(error instanceof QueryTooLarge) || end - start <= MIN_PAGE_MS) throw error;
      length = maxLength = Math.max(MIN_PAGE_MS, Math.floor((end - start) / 2));
      continue;
    }
    yield page;
    onProgress((end - first) / (last - first));
    const samples = page.flatMap((series) => series.samples).reduce((sum, [, value]) => sum + sizeOf(value), 0);
    const growth = Math.min(MAX_GROWTH, Math.max(1 / MAX_GROWTH, pageSamples / Math.max(1, samples)));
    length = Math.min(maxLength, Math.max(MIN_PAGE_MS, Math.round((end - start) * growth)));
    start = end;
  }
}
