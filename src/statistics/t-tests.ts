import { tQuantile, twoSidedP } from './student.ts';

/**
 * The difference of two sets of log-percentiles, after - before.
 * @property low        of the confidence interval
 * @property high       of the confidence interval
 * @property p          the probability of a difference at least this large by chance
 * @property confirmed  whether a second test, if there is one, agrees
 */
export interface Difference {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
  readonly confirmed: boolean;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]): number => {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
};

/** Smaller differences of logarithms are rounding errors: a billionth of the value. */
const ROUNDING_ERROR = 1e-9;

function buildDifference(estimate: number, error: number, freedom: number, confidence: number): Difference {
  // Without any variation the estimate is certain, up to the width of a bucket.
  if (error < ROUNDING_ERROR) {
    const p = Math.abs(estimate) < ROUNDING_ERROR ? 1 : 0;
    return { estimate, low: estimate, high: estimate, p, confirmed: true };
  }
  const margin = tQuantile(confidence, freedom) * error;
  const p = twoSidedP(estimate / error, freedom);
  return { estimate, low: estimate - margin, high: estimate + margin, p, confirmed: true };
}

/** Student's t of the differences of at least two pairs. */
export function pairedTTest(before: readonly number[], after: readonly number[], confidence: number): Difference {
  const differences = after.map((value, i) => value - (before[i] as number));
  const error = Math.sqrt(variance(differences) / differences.length);
  return buildDifference(mean(differences), error, differences.length - 1, confidence);
}

/** Welch's t of two independent sets, at least two values each. Unlike Student's t it allows different variances. */
export function welchTTest(before: readonly number[], after: readonly number[], confidence: number): Difference {
  const [a, b] = [variance(before) / before.length, variance(after) / after.length];
  const freedom = (a + b) ** 2 / (a ** 2 / (before.length - 1) + b ** 2 / (after.length - 1));
  return buildDifference(mean(after) - mean(before), Math.sqrt(a + b), freedom, confidence);
}

/**
 * A/A placebo: compares each window of the baseline with all the others, as if it were "after". If a window differs as
 * much as the real "after" does from the whole baseline, such a difference happens without any change.
 * @returns p, at least 1 / (windows + 1)
 */
export function placeboP(baseline: readonly number[], after: readonly number[]): number {
  const observed = Math.abs(mean(after) - mean(baseline));
  const sum = baseline.reduce((total, value) => total + value, 0);
  const asLarge = baseline.filter(
    (value) => Math.abs(value - (sum - value) / (baseline.length - 1)) >= observed,
  ).length;
  return (1 + asLarge) / (1 + baseline.length);
}
