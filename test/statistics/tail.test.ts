import { expect, it } from 'vitest';
import { ExplicitHistogram } from '../../src/base/histogram/explicit-histogram.ts';
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';
import type { Histogram } from '../../src/base/histogram/histogram.ts';
import { DEFAULT_BUCKETS } from '../../src/semconv.ts';
import { findTail, hidesTail, shareAsCounts } from '../../src/statistics/tail.ts';
import { seededRandom } from '../support/seeded-random.ts';

/** Draws one latency in seconds. */
type Latency = (random: () => number) => number;

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const logNormal =
  (median: number, sigma: number): Latency =>
  (random) =>
    median * Math.exp(sigma * normal(random));
const exponential =
  (mean: number): Latency =>
  (random) =>
    -mean * Math.log(1 - random());
/** Every so many requests are slow: the share is exact. */
const draw = (requests: number, fast: Latency, slow?: readonly [every: number, of: number, Latency]): number[] => {
  const random = seededRandom(17);
  return Array.from({ length: requests }, (_, i) =>
    slow !== undefined && i % slow[1] < slow[0] ? slow[2](random) : fast(random),
  );
};

const fine = (seconds: readonly number[]): Histogram => {
  const histogram = new FineHistogram();
  for (const value of seconds) histogram.record(value);
  return histogram;
};
const explicit = (seconds: readonly number[], bounds: readonly number[] = DEFAULT_BUCKETS): Histogram => {
  const histogram = new ExplicitHistogram(bounds);
  for (const value of seconds) {
    const bucket = bounds.findIndex((bound) => value <= bound);
    (histogram.counts[bucket < 0 ? bounds.length : bucket] as number)++;
  }
  return histogram;
};
const meanOf = (seconds: readonly number[]): number => seconds.reduce((sum, value) => sum + value, 0) / seconds.length;

const FAST = logNormal(0.02, 0.3);

it.each([
  ['3 % that take 2 s', draw(10_000, FAST, [3, 100, logNormal(2, 0.05)]), 0.03, 2],
  ['3 % that take 2 s, of 100 requests', draw(100, FAST, [3, 100, logNormal(2, 0.05)]), 0.03, 2],
  ['0.3 % that take 2 s', draw(10_000, FAST, [3, 1000, logNormal(2, 0.05)]), 0.003, 2],
  ['1 of 200 that hangs for 1.2 s', draw(2000, FAST, [1, 200, () => 1.2]), 0.005, 1.2],
  ['a third that takes 2 s', draw(3000, FAST, [1, 3, logNormal(2, 0.1)]), 1 / 3, 2],
  [
    '0.3 % that take 2 s, of requests that differ by much',
    draw(20_000, logNormal(0.02, 1), [3, 1000, () => 2]),
    0.003,
    2,
  ],
  ['2 % of a service that else takes 0.3 ms', draw(5000, logNormal(0.0003, 0.4), [2, 100, () => 0.15]), 0.02, 0.15],
  ['the slower of two tails, which people notice', draw(5000, () => 0.0003, [1, 100, () => 0.8]), 0.01, 0.8],
])('finds %s', (_, seconds, share, slow) => {
  const tail = findTail(fine(seconds));
  expect(tail?.share).toBeCloseTo(share, 10);
  expect((tail?.seconds.value as number) / slow).toBeCloseTo(1, 1);
  expect(tail?.seconds.low).toBeLessThanOrEqual(tail?.seconds.value as number);
  expect((tail?.seconds.high as number) / (tail?.seconds.low as number)).toBeLessThan(1.03);
});

it('does not add the first requests of a process to the tail', () => {
  const first = [0.06, 0.07, 0.09, 0.05];
  const tail = findTail(fine([...first, ...draw(1000, FAST, [3, 100, () => 0.4])]));
  expect(tail?.share).toBeCloseTo(30 / 1004, 10);
});

it('tells the exact value of a hang', () => {
  const tail = findTail(fine(draw(2000, FAST, [1, 200, () => 1.2])));
  expect(tail?.seconds.low).toBeLessThan(1.2);
  expect(tail?.seconds.high).toBeGreaterThanOrEqual(1.2);
  expect(Math.abs((tail?.seconds.value as number) / 1.2 - 1)).toBeLessThan(0.011);
});

it('finds waits of very different lengths: nearly all of them', () => {
  const tail = findTail(fine(draw(20_000, FAST, [3, 100, exponential(1)])));
  expect(tail?.share).toBeGreaterThan(0.027);
  expect(tail?.share).toBeLessThanOrEqual(0.03);
  expect(tail?.seconds.value).toBeGreaterThan(0.65);
  expect(tail?.seconds.value).toBeLessThan(0.85);
});

it.each([
  ['a smooth distribution', draw(10_000, logNormal(0.02, 0.5))],
  ['a smooth distribution with a p99 of ten times the median', draw(10_000, logNormal(0.02, 1))],
  ['a smooth distribution with a p99 of thirty times the median', draw(10_000, logNormal(0.02, 1.5))],
  ['exponential waits', draw(10_000, exponential(0.2))],
  ['a tail by the law of Pareto', draw(10_000, (random) => 0.02 / (1 - random()))],
  ['two halves: neither is a tail', draw(10_000, FAST, [1, 2, logNormal(2, 0.05)])],
  ['one value', draw(1000, () => 0.02)],
  ['a tail of nine times the median', draw(1000, () => 0.2, [3, 100, () => 1.8])],
  ['a tail that nobody notices', draw(1000, () => 0.0005, [3, 100, () => 0.05])],
  ['two slow requests of many', draw(1000, FAST, [1, 500, () => 2])],
  ['1 slow request in 2,000', draw(20_000, FAST, [1, 2000, () => 2])],
  ['no request', []],
])('finds no tail in %s', (_, seconds) => {
  expect(findTail(fine(seconds))).toBeUndefined();
  expect(findTail(explicit(seconds))).toBeUndefined();
});

it('rarely finds a tail in a few requests of a wide, smooth distribution', () => {
  const random = seededRandom(4);
  const latency = logNormal(0.03, 1.5);
  const samples = Array.from({ length: 1000 }, () => fine(Array.from({ length: 200 }, () => latency(random))));
  expect(samples.filter((histogram) => findTail(histogram) !== undefined).length).toBeLessThanOrEqual(10);
});

it('also finds tails that nobody notices, where asked to', () => {
  const histogram = fine(draw(1000, () => 0.0005, [3, 100, () => 0.05]));
  expect(findTail(histogram, 0)?.share).toBeCloseTo(0.03, 10);
});

it('tells from explicit buckets what they hold: the share, and bounds of the time', () => {
  const seconds = draw(10_000, () => 0.02, [3, 100, logNormal(2, 0.05)]);
  expect(findTail(explicit(seconds))).toEqual({
    share: 0.03,
    seconds: { value: 2, low: 1.5, high: 2.5 },
    median: { value: expect.closeTo(0.0202, 4), low: 0.015, high: 0.025 },
  });
  expect(findTail(explicit(draw(10_000, () => 0.02, [3, 100, () => 60])))?.seconds).toEqual({
    value: Number.POSITIVE_INFINITY,
    low: 10,
    high: Number.POSITIVE_INFINITY,
  });
  // Who knows where in 0.1 to 10 s the others are?
  expect(
    findTail(
      explicit(
        draw(10_000, () => 0.02, [3, 100, () => 2]),
        [0.005, 0.01, 0.1, 10],
      ),
    ),
  ).toBeUndefined();
});

it('is hidden where the mean looks fine', () => {
  const hidden = draw(1000, FAST, [3, 100, () => 2]);
  expect(hidesTail(meanOf(hidden), findTail(fine(hidden)) as never)).toBe(true);
  const shown = draw(1000, FAST, [3, 10, () => 2]);
  expect(hidesTail(meanOf(shown), findTail(fine(shown)) as never)).toBe(false);
});

it.each([
  [0.03, [3, 100]],
  [0.0312, [3, 100]],
  [0.0271, [27, 1000]],
  [0.003, [3, 1000]],
  [0.005, [5, 1000]],
  [0.01, [1, 100]],
  [1 / 3, [3, 10]],
  [0.4, [4, 10]],
  [0.0012, [12, 10_000]],
  [0.00001, [1, 10_000]],
])('says a share of %d in whole numbers', (share, counts) => {
  expect(shareAsCounts(share)).toEqual(counts);
});
