import { expect, it } from 'vitest';
import type { Period } from '../../../src/page/browser/model/batches.ts';
import { comparePeriods } from '../../../src/page/browser/model/compare.ts';
import { verdictOf } from '../../../src/page/browser/text/outcome.ts';
import type { Counters } from '../../../src/page/protocol.ts';
import { countersOf } from './page-data.ts';
import { periodFrom } from './period.ts';

const EXPERIMENTS = 100;
/** Medians in seconds. */
const MEDIANS = [0.007, 0.018, 0.12, 0.05, 0.25];
/** Standard deviation of the logarithm: a p99 of 6.4 times the p50. */
const SIGMA = 0.8;
const INTERVALS = 40;
const REQUESTS_PER_INTERVAL = 30;
/** What a 95 % confidence interval promises for one percentile of one endpoint. */
const ERROR_RATE = 0.05;

/** Uniform in [0, 1), reproducible. @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The counters of one interval, with lognormal durations. */
function sample(random: () => number, median: number): Counters {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return countersOf(Array.from({ length: REQUESTS_PER_INTERVAL }, () => median * Math.exp(SIGMA * normal())));
}

const samplePeriod = (random: () => number): Period =>
  periodFrom(
    Array.from({ length: INTERVALS }, () =>
      Object.fromEntries(MEDIANS.map((median, i) => [`GET /${i}`, sample(random, median)])),
    ),
  );

/** The smallest number that a binomial variable exceeds with a probability of less than `p`. */
function binomialBound(n: number, rate: number, p: number): number {
  let probability = (1 - rate) ** n;
  let atMost = probability;
  let k = 0;
  while (1 - atMost >= p) {
    probability *= ((n - k) / (k + 1)) * (rate / (1 - rate));
    atMost += probability;
    k++;
  }
  return k;
}

it('claims a change between two samples of one distribution in at most 1 of 20 results', () => {
  const random = randomNumbers(14);
  const wrong: Record<number, number> = { 0.5: 0, 0.9: 0, 0.99: 0 };
  let wrongExperiments = 0;
  for (let experiment = 0; experiment < EXPERIMENTS; experiment++) {
    const comparisons = comparePeriods(samplePeriod(random), samplePeriod(random));
    const results = comparisons.flatMap(({ quantiles }) => quantiles);
    expect(results.length).toBe(MEDIANS.length * 3);
    const changed = results.filter(({ outcome }) => verdictOf(outcome) !== 'no evidence');
    for (const { q } of changed) (wrong[q] as number)++;
    if (changed.length > 0) wrongExperiments++;
  }
  // The three percentiles of an endpoint depend on each other; the results of one percentile do not.
  const bound = binomialBound(EXPERIMENTS * MEDIANS.length, ERROR_RATE, 0.001);
  process.stdout.write(
    `wrong results of ${EXPERIMENTS * MEDIANS.length} ${JSON.stringify(wrong)}, bound ${bound}; ` +
      `experiments with any: ${wrongExperiments} of ${EXPERIMENTS}\n`,
  );
  for (const count of Object.values(wrong)) expect(count).toBeLessThanOrEqual(bound);
});
