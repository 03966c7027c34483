import { boundsOf, MAX_SCALE, MIN_EXPONENT } from './encoded-histogram.ts';

const BUCKETS_PER_POWER = 2 ** MAX_SCALE;
const FIRST = MIN_EXPONENT * BUCKETS_PER_POWER;
const BOUNDS = boundsOf(MAX_SCALE);

/** The bits of a number: 1 of its sign, 11 of its exponent, 52 of its mantissa. */
const number = new Float64Array(1);
const bits = new Uint32Array(number.buffer);
const HIGH_BITS = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
const MANTISSA_HIGH_BITS = 20;
const LOWEST_EXPONENT = 1023 + MIN_EXPONENT;

/** For the first bits of a mantissa, the bucket of the lowest number that has them. */
const TABLE_BITS = 8;
const TABLE_SIZE = 2 ** TABLE_BITS;
const BUCKETS = createTable();

/** Made with operators only: an app may have replaced `Math.log2` before this is loaded. */
function createTable(): readonly number[] {
  const buckets: number[] = [];
  let bucket = 0;
  for (let i = 0; i < TABLE_SIZE; i++) {
    while (2 ** ((bucket + 1) / BUCKETS_PER_POWER) <= 1 + i / TABLE_SIZE) bucket++;
    buckets[i] = bucket;
  }
  return buckets;
}

/**
 * The index of the bucket of a value, at the finest scale. Runs once per request, so it takes no logarithm, which is slower and
 * rounds.
 * @param value above 2^`MIN_EXPONENT`, and up to 2^`MAX_EXPONENT`
 */
export function bucketIndex(value: number): number {
  number[0] = value;
  const high = bits[HIGH_BITS] as number;
  const power = (high >>> MANTISSA_HIGH_BITS) - LOWEST_EXPONENT;
  const part = (high >>> (MANTISSA_HIGH_BITS - TABLE_BITS)) & (TABLE_SIZE - 1);
  const i = power * BUCKETS_PER_POWER + (BUCKETS[part] as number);
  if (value <= (BOUNDS[i] as number)) return FIRST + i - 1;
  return FIRST + (value > (BOUNDS[i + 1] as number) ? i + 1 : i);
}
