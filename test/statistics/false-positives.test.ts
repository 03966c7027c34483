import { expect, it } from 'vitest';
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';
import { compareSides } from '../../src/statistics/compare.ts';
import type { Block, EndpointResult, EndpointTotals, Method, Side } from '../../src/statistics/model.ts';
import { seededRandom } from '../support/seeded-random.ts';

const EXPERIMENTS = 40;
/**
 * At 95 % confidence the probability of any false claim in one comparison is at most 5 %. For X ~ Binomial(40, 0.05),
 * P(X > 6) = 0.003.
 */
const MAX_FALSE = 6;

const SEED = 20_261_123;
const BLOCKS = 24;
const REQUESTS_PER_BLOCK = 100;
/** Median seconds of each endpoint. */
const MEDIANS = { 'GET /fast': 0.01, 'GET /users/:id': 0.05, 'POST /orders': 0.3 };
/** Standard deviation of the logarithm of a duration. */
const SPREAD = 0.5;
/** Standard deviation of a whole block: a machine is a little faster or slower at times, so requests are not independent. */
const BLOCK_SPREAD = 0.05;

function seededNormals(seed: number): () => number {
  const uniform = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

function sampleEndpoint(median: number, normal: () => number): EndpointTotals {
  const histogram = new FineHistogram();
  let seconds = 0;
  for (let i = 0; i < REQUESTS_PER_BLOCK; i++) {
    const duration = median * Math.exp(SPREAD * normal());
    histogram.record(duration);
    seconds += duration;
  }
  return { requests: REQUESTS_PER_BLOCK, errors: 0, seconds, histogram };
}

function sampleSide(name: string, normal: () => number): Side {
  const blocks = Array.from({ length: BLOCKS }, (_, i): Block => {
    const speed = Math.exp(BLOCK_SPREAD * normal());
    const endpoints = Object.entries(MEDIANS).map(
      ([key, median]) => [key, sampleEndpoint(median * speed, normal)] as const,
    );
    return { from: i * 15, to: i * 15 + 15, endpoints: new Map(endpoints) };
  });
  return { name, blocks };
}

const hasClaim = ({ measures }: EndpointResult) =>
  measures.some(({ verdict }) => verdict === 'better' || verdict === 'worse');

it.each<Method>(['rounds', 'periods', 'versions'])(
  'claims anything in at most 6 of 40 comparisons without a change, by %s',
  (method) => {
    const normal = seededNormals(SEED);
    let [falseClaims, tested, all] = [0, 0, 0];
    for (let i = 0; i < EXPERIMENTS; i++) {
      const sides = [sampleSide('before', normal), sampleSide('after', normal)] as const;
      const { endpoints, service } = compareSides(method, ...sides, { confidence: 0.95, objective: 0.5 });
      if ([service, ...endpoints].some(hasClaim)) falseClaims++;
      const percentiles = endpoints.flatMap(({ measures }) => measures.slice(0, 4));
      all += percentiles.length;
      tested += percentiles.filter(({ p }) => p !== undefined).length;
    }
    // The experiments are worth something only if a statistical test decided most of them.
    expect(tested / all).toBeGreaterThan(0.7);
    expect(falseClaims).toBeLessThanOrEqual(MAX_FALSE);
  },
);
