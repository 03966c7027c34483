// Simulated services with random requests. Two runs of the same service have no real difference.
import { ExplicitHistogram } from '../../dist/base/histogram/explicit-histogram.js';
import { FineHistogram } from '../../dist/base/histogram/fine-histogram.js';
import { DEFAULT_BUCKETS } from '../../dist/semconv.js';

export const BOUNDS = DEFAULT_BUCKETS;
export const OBJECTIVE = 0.5;
/** Of one route. */
export const REQUESTS_PER_SECOND = 20;
const ERROR_SHARE = 0.01;

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

/** A machine whose speed drifts. @returns the factor on all durations in the next stretch of time */
export function machine({ spread, minutes }, { normal }) {
  let x = spread * normal();
  return (seconds) => {
    const kept = Math.exp(-seconds / 60 / minutes);
    x = kept * x + spread * Math.sqrt(1 - kept * kept) * normal();
    return Math.exp(x);
  };
}

/** 97 % of the requests take about 20 ms; the others wait about a second for something. */
const SERVICE = { median: 0.02, spread: 0.45, tail: 0.03, slow: 1, slowSpread: 0.5 };

/** A million durations of the service. Drawing one of them is as good as drawing a new one, and faster. */
const DURATIONS = drawDurations(2 ** 20);

function drawDurations(count) {
  const { uniform, normal } = seededRandom(2_026);
  return Float64Array.from({ length: count }, () => {
    const isSlow = uniform() < SERVICE.tail;
    const [middle, spread] = isSlow ? [SERVICE.slow, SERVICE.slowSpread] : [SERVICE.median, SERVICE.spread];
    return middle * Math.exp(spread * normal());
  });
}

const SORTED_DURATIONS = DURATIONS.toSorted();

/** The true share above the objective where every duration is this many times that of the service. */
export function slowShare(speed) {
  let [low, high] = [0, SORTED_DURATIONS.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (SORTED_DURATIONS[middle] * speed > OBJECTIVE) high = middle;
    else low = middle + 1;
  }
  return 1 - low / SORTED_DURATIONS.length;
}

/**
 * One block.
 * @param speeds  of each route: the factor on all of its durations
 * @param pieces  the factors of the machine in each piece of the block
 */
export function block(from, seconds, speeds, pieces, { uniform }) {
  const endpoints = new Map();
  const requests = Math.round((REQUESTS_PER_SECOND * seconds) / pieces.length);
  for (const [i, speed] of speeds.entries()) {
    const histogram = new FineHistogram();
    const counts = new Array(BOUNDS.length + 1).fill(0);
    let [sum, errors] = [0, 0];
    for (const factor of pieces) {
      for (let n = 0; n < requests; n++) {
        const duration = factor * speed * DURATIONS[(uniform() * DURATIONS.length) | 0];
        histogram.record(duration);
        let bucket = 0;
        while (bucket < BOUNDS.length && duration > BOUNDS[bucket]) bucket++;
        counts[bucket]++;
        sum += duration;
        if (uniform() < ERROR_SHARE) errors++;
      }
    }
    endpoints.set(`GET /route/${i}`, {
      requests: requests * pieces.length,
      errors,
      seconds: sum,
      histogram,
      buckets: new ExplicitHistogram(BOUNDS, counts),
    });
  }
  return { from, to: from + seconds, endpoints };
}
