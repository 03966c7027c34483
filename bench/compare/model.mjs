// Simulated services with random requests. Two runs of the same service have no real difference.
import { DEFAULT_BUCKETS } from '../../dist/semconv.js';

export const BOUNDS = DEFAULT_BUCKETS;
export const BLOCK_SECONDS = 15;
/** Of one route. */
const REQUESTS_PER_SECOND = 20;

/** Random numbers, the same for the same seed. @see https://prng.di.unimi.it, splitmix32 */
export function seededRandom(seed) {
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
 * How the speed of a machine drifts: the logarithm of a factor on every duration is an Ornstein-Uhlenbeck process.
 * @property spread  its standard deviation; 0.05 is about 5 %
 * @property minutes after which its memory has decayed to 1/e
 */
export const DRIFTS = {
  none: { spread: 0, minutes: 1 },
  drift: { spread: 0.05, minutes: 2 },
  'strong drift': { spread: 0.1, minutes: 5 },
};

/** A machine whose speed drifts, in steps of a block. */
export function machine({ spread, minutes }, { normal }) {
  const kept = Math.exp(-BLOCK_SECONDS / 60 / minutes);
  let x = spread * normal();
  return () => {
    x = kept * x + spread * Math.sqrt(1 - kept * kept) * normal();
    return Math.exp(x);
  };
}

/** 97 % of the requests take about 20 ms; the others wait about a second for something. */
export const SERVICE = { median: 0.02, spread: 0.45, tail: 0.03, slow: 1, slowSpread: 0.35 };
export const FASTER = { ...SERVICE, median: 0.018, slow: 0.9 };
export const SHORTER_TAIL = { ...SERVICE, slow: 0.6 };

/** One block of one route. */
export function block(from, services, factor, random) {
  const endpoints = new Map();
  services.forEach((service, i) => {
    const counts = new Array(BOUNDS.length + 1).fill(0);
    const requests = REQUESTS_PER_SECOND * BLOCK_SECONDS;
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
  return { from, to: from + BLOCK_SECONDS, endpoints };
}
