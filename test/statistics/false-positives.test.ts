import { expect, it } from 'vitest';
import { ExplicitHistogram } from '../../src/base/histogram/explicit-histogram.ts';
import { compareSides } from '../../src/statistics/compare.ts';
import type { Block, EndpointResult, EndpointTotals, Method, Side } from '../../src/statistics/model.ts';

const EXPERIMENTS = 100;
/**
 * At 95 % confidence the probability of a false claim among all endpoints of one experiment, or among the percentiles
 * of the service, is at most 5 %. For X ~ Binomial(100, 0.05), P(X > 12) = 0.0015.
 */
const MAX_FALSE = 12;

const SEED = 20_261_123;
const BLOCKS = 24;
const REQUESTS_PER_BLOCK = 200;
/** Median seconds of each endpoint. */
const MEDIANS = { 'GET /fast': 0.01, 'GET /users/:id': 0.05, 'POST /orders': 0.3 };
/** Standard deviation of the logarithm of a duration. */
const SPREAD = 0.5;
/**
 * Standard deviation of a whole block: a machine is a little faster or slower at times, so requests are not
 * independent.
 */
const BLOCK_SPREAD = 0.05;

/** Narrow buckets, so that most percentiles of the two sides are in different buckets and the tests have to decide. */
const BOUND_GROWTH = 1.02;
const FIRST_BOUND = 0.001;
const BOUNDS = Array.from({ length: 400 }, (_, i) => FIRST_BOUND * BOUND_GROWTH ** i);

/** Normally distributed numbers, the same for the same seed. @see https://prng.di.unimi.it, splitmix32 */
function seededNormals(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

function sampleEndpoint(median: number, normal: () => number): EndpointTotals {
  const counts = new Array<number>(BOUNDS.length + 1).fill(0);
  let seconds = 0;
  for (let i = 0; i < REQUESTS_PER_BLOCK; i++) {
    const duration = median * Math.exp(SPREAD * normal());
    const bucket = Math.ceil(Math.log(duration / FIRST_BOUND) / Math.log(BOUND_GROWTH));
    const index = Math.min(Math.max(bucket, 0), BOUNDS.length);
    counts[index] = (counts[index] as number) + 1;
    seconds += duration;
  }
  const histogram = new ExplicitHistogram(BOUNDS, counts);
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
  return { name, bounds: BOUNDS, blocks };
}

const hasClaim = ({ measures }: EndpointResult) =>
  measures.some(({ verdict }) => verdict === 'better' || verdict === 'worse');

it.each<Method>(['rounds', 'periods', 'versions'])(
  'claims a change in at most 12 of 100 comparisons without one, by %s',
  (method) => {
    const normal = seededNormals(SEED);
    const falseClaims = { endpoints: 0, service: 0 };
    let [percentiles, tested] = [0, 0];
    for (let i = 0; i < EXPERIMENTS; i++) {
      const [before, after] = [sampleSide('before', normal), sampleSide('after', normal)];
      const { endpoints, service } = compareSides(method, before, after, { confidence: 0.95, objective: 0.5 });
      if (endpoints.some(hasClaim)) falseClaims.endpoints++;
      if (hasClaim(service)) falseClaims.service++;
      const all = [service, ...endpoints].flatMap(({ measures }) => measures.slice(0, 4));
      percentiles += all.length;
      tested += all.filter(({ p }) => p !== undefined).length;
    }
    // The experiments are worth something only if a statistical test decided most of them.
    expect(tested / percentiles).toBeGreaterThan(0.5);
    expect(falseClaims.endpoints).toBeLessThanOrEqual(MAX_FALSE);
    expect(falseClaims.service).toBeLessThanOrEqual(MAX_FALSE);
  },
);
