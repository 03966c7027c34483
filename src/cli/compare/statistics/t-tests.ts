import { twoSided, within } from './student.ts';

/**
 * How two sets of log-percentiles differ: after - before, its confidence interval, and how likely so much is by chance.
 */
export interface Difference {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
  /** Whether a second method, where there is one, says that it is a difference too. */
  readonly agreed: boolean;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]): number => {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
};

/** What is less is nothing but rounding; of a logarithm, a billionth of the value. */
const ROUNDING = 1e-9;

function difference(estimate: number, error: number, freedom: number, confidence: number): Difference {
  // All alike: what does not vary at all is as sure as its buckets are fine.
  if (error < ROUNDING) {
    return { estimate, low: estimate, high: estimate, p: Math.abs(estimate) < ROUNDING ? 1 : 0, agreed: true };
  }
  const margin = within(confidence, freedom) * error;
  const p = twoSided(estimate / error, freedom);
  return { estimate, low: estimate - margin, high: estimate + margin, p, agreed: true };
}

/** Pairs that belong together, two at least: Student's t of their differences. */
export function paired(before: readonly number[], after: readonly number[], confidence: number): Difference {
  const differences = after.map((value, i) => value - (before[i] as number));
  const error = Math.sqrt(variance(differences) / differences.length);
  return difference(mean(differences), error, differences.length - 1, confidence);
}

/** Two independent sets, two values in each at least: Welch's t, which does not take their spreads for alike. */
export function welch(before: readonly number[], after: readonly number[], confidence: number): Difference {
  const [a, b] = [variance(before) / before.length, variance(after) / after.length];
  const freedom = (a + b) ** 2 / (a ** 2 / (before.length - 1) + b ** 2 / (after.length - 1));
  return difference(mean(after) - mean(before), Math.sqrt(a + b), freedom, confidence);
}

/**
 * A/A placebo: each window of the baseline takes the place of "after" once, against all the others. Where it differs from
 * them as much as the real one does from all of them, such a difference comes about without any change.
 * @returns p, 1 / (windows + 1) at the least
 */
export function placebo(baseline: readonly number[], after: readonly number[]): number {
  const seen = Math.abs(mean(after) - mean(baseline));
  const sum = baseline.reduce((all, value) => all + value, 0);
  const as = baseline.filter((value) => Math.abs(value - (sum - value) / (baseline.length - 1)) >= seen).length;
  return (1 + as) / (1 + baseline.length);
}
