import { meanOf } from './mean.ts';
import { twoSidedP } from './student.ts';

/** The error of a difference whose size is not known for sure: each size has a probability, and each is a Student's t. */
export interface UncertainError {
  readonly freedom: number;
  readonly sizes: readonly { readonly error: number; readonly probability: number }[];
}

/** Less probable sizes are left out. */
const MIN_PROBABILITY = 1e-6;

export function normaliseWeights(
  all: readonly { readonly error: number; readonly logWeight: number }[],
): UncertainError['sizes'] {
  const highest = Math.max(...all.map(({ logWeight }) => logWeight));
  const weighted = all.map(({ error, logWeight }) => ({ error, weight: Math.exp(logWeight - highest) }));
  const sum = weighted.reduce((total, { weight }) => total + weight, 0);
  return weighted
    .map(({ error, weight }) => ({ error, probability: weight / sum }))
    .filter(({ probability }) => probability > MIN_PROBABILITY);
}

/** The error of the mean of differences that are independent: Student's t. At least two values. */
export function independentError(values: readonly number[]): UncertainError {
  const freedom = values.length - 1;
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { freedom, sizes: [{ error: Math.sqrt(squares / freedom / values.length), probability: 1 }] };
}

/** With another, independent error; each size is at least this. */
export const addError = ({ freedom, sizes }: UncertainError, other: number, least: number): UncertainError => ({
  freedom,
  sizes: sizes.map(({ error, probability }) => ({ error: Math.max(Math.hypot(error, other), least), probability })),
});

/** The probability of a difference at least as far from 0, if there is none. */
export const probabilityOf = (difference: number, { freedom, sizes }: UncertainError): number =>
  Math.min(
    1,
    sizes.reduce((sum, { error, probability }) => sum + probability * twoSidedP(difference / error, freedom), 0),
  );

/** How far around a difference the truth lies with this confidence. */
export function marginOf(error: UncertainError, confidence: number): number {
  let [low, high] = [0, Math.max(...error.sizes.map((size) => size.error))];
  while (probabilityOf(high, error) > 1 - confidence) high *= 2;
  while (high - low > high * 1e-4) {
    const middle = (low + high) / 2;
    if (probabilityOf(middle, error) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}
