// Services whose requests are drawn by chance: what differs between two runs of one is known, because it is nothing.
import { DEFAULT_BUCKETS } from '../../dist/semconv.js';

export const BOUNDS = DEFAULT_BUCKETS;
/** Seconds of a block, and requests of a route in each of them. */
export const BLOCK = 15;
const PER_SECOND = 20;

/** Numbers by chance, the same ones for the same seed. @see https://prng.di.unimi.it, splitmix32 */
export function chance(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/**
 * How a service's speed changes by itself: the logarithm of a factor on every duration, an Ornstein-Uhlenbeck process.
 * @property spread  its standard deviation; 0.05 is about 5 %
 * @property minutes in which it forgets (1/e) where it was
 */
export const DRIFTS = {
  none: { spread: 0, minutes: 1 },
  drift: { spread: 0.05, minutes: 2 },
  'strong drift': { spread: 0.1, minutes: 5 },
};

/** A machine whose speed drifts, in steps of a block. */
export function machine({ spread, minutes }, { normal }) {
  const kept = Math.exp(-BLOCK / 60 / minutes);
  let x = spread * normal();
  return () => {
    x = kept * x + spread * Math.sqrt(1 - kept * kept) * normal();
    return Math.exp(x);
  };
}

/** 97 of 100 requests take about 20 ms, the others wait for something: a second, more or less. */
export const SERVICE = { median: 0.02, spread: 0.45, tail: 0.03, slow: 1, slowSpread: 0.35 };
export const FASTER = { ...SERVICE, median: 0.018, slow: 0.9 };
export const SHORTER_TAIL = { ...SERVICE, slow: 0.6 };

/** One block of one route. */
export function block(from, services, factor, random) {
  const endpoints = new Map();
  services.forEach((service, i) => {
    const counts = new Array(BOUNDS.length + 1).fill(0);
    const requests = PER_SECOND * BLOCK;
    let seconds = 0;
    for (let n = 0; n < requests; n++) {
      const isSlow = random.uniform() < service.tail;
      const [middle, spread] = isSlow ? [service.slow, service.slowSpread] : [service.median, service.spread];
      const duration = factor * middle * Math.exp(spread * random.normal());
      let bucket = 0;
      while (bucket < BOUNDS.length && duration > BOUNDS[bucket]) bucket++;
      counts[bucket]++;
      seconds += duration;
    }
    endpoints.set(`GET /route/${i}`, { requests, errors: 0, seconds, counts });
  });
  return { from, to: from + BLOCK, endpoints };
}
