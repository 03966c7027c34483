import { bucketMatcher } from './names.ts';
import type { Objectives } from './objectives.ts';

/** The expressions of what is known from a histogram of durations, by kind of histogram. */
interface DurationQueries {
  /** The rate of requests with a duration that the objective can be checked for. */
  timed(by: string, range: string): string;
  /** The rate of those that took longer than the objective. */
  slow(by: string, range: string): string;
  /** The number of requests with a duration. */
  count(by: string, range: string): string;
  quantile(q: number, by: string, range: string): string;
}

/** @param metric the name of the histogram. @param scope the matchers of the series */
type Create = (metric: string, scope: string, seconds: number) => DurationQueries;

const QUERIES: Record<Objectives['histogram'], Create> = {
  explicit(metric, scope, seconds) {
    const all = (range: string) => `rate(${metric}_count{${scope}}[${range}])`;
    const fast = (range: string) => `rate(${metric}_bucket{${scope}, ${bucketMatcher(seconds)}}[${range}])`;
    return {
      timed: (by, range) => `sum by (${by}) (\n  ${all(range)}\n  and ignoring (le)\n  ${fast(range)}\n)`,
      // Subtracted series by series: a process without this bound has no bucket here, and must not count as slow.
      slow: (by, range) => `sum by (${by}) (\n  ${all(range)}\n  - ignoring (le)\n  ${fast(range)}\n)`,
      count: (by, range) => `sum by (${by}) (increase(${metric}_count{${scope}}[${range}]))`,
      quantile: (q, by, range) =>
        `histogram_quantile(${q}, sum by (${by}, le) (rate(${metric}_bucket{${scope}}[${range}])))`,
    };
  },
  exponential(metric, scope, seconds) {
    const rate = (by: string, range: string) => `sum by (${by}) (rate(${metric}{${scope}}[${range}]))`;
    return {
      timed: (by, range) => `histogram_count(${rate(by, range)})`,
      // The share is NaN without requests; this makes the rate 0, since one NaN would make the sum of a day NaN.
      slow(by, range) {
        const count = `histogram_count(${rate(by, range)})`;
        return `${count} * (1 - histogram_fraction(0, ${seconds}, ${rate(by, range)})) >= 0\nor\n0 * ${count}`;
      },
      count: (by, range) => `histogram_count(sum by (${by}) (increase(${metric}{${scope}}[${range}])))`,
      quantile: (q, by, range) => `histogram_quantile(${q}, ${rate(by, range)})`,
    };
  },
};

export const durationQueries = (
  metric: string,
  scope: string,
  { histogram, latency }: Pick<Objectives, 'histogram' | 'latency'>,
): DurationQueries => QUERIES[histogram](metric, scope, latency.seconds);
