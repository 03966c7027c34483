import type { Stored } from '../history.ts';
import type { TimeRange } from '../time-range.ts';
import { type PrometheusApi, TooMuch } from './api.ts';

/** Samples of one page: some 10 MB of JSON. Prometheus stops at 50 million, and at what its memory holds. */
export const PAGE_SAMPLES = 200_000;
/** Milliseconds, as is all of the time here: they have no rounding at which a sample could be lost. */
const FIRST = 120_000;
const SHORTEST = 1_000;
const LONGEST = 86_400_000;

/**
 * The samples of a range as they are stored, page by page, oldest first. A page is as long as the one before lets expect
 * of so many samples; where it is still too much for Prometheus, it is halved.
 * @param samples  of one page, about
 * @param say      is told how far it is, 0 to 1
 */
export async function* pages(
  api: PrometheusApi,
  selectors: readonly string[],
  { from, to }: TimeRange,
  samples: number,
  say: (share: number) => void = () => {},
): AsyncGenerator<Stored[]> {
  const [first, last] = [Math.round(from * 1000), Math.round(to * 1000)];
  let length = FIRST;
  let longest = LONGEST;
  for (let start = first; start < last; ) {
    const end = Math.min(start + length, last);
    const page: Stored[] = [];
    try {
      for (const selector of selectors) page.push(...(await api.stored(selector, end - start, end)));
    } catch (error) {
      if (!(error instanceof TooMuch) || end - start <= SHORTEST) throw error;
      length = longest = Math.max(SHORTEST, Math.floor((end - start) / 2));
      continue;
    }
    yield page;
    say((end - first) / (last - first));
    const got = page.reduce((sum, each) => sum + each.samples.length, 0);
    const factor = Math.min(4, Math.max(0.25, samples / Math.max(1, got)));
    length = Math.min(longest, Math.max(SHORTEST, Math.round((end - start) * factor)));
    start = end;
  }
}
