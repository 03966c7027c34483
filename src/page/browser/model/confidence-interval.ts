/**
 * Half the width of Welch's 95 % confidence interval of the difference of two means, from five values on each side.
 * @see https://www.itl.nist.gov/div898/handbook/eda/section3/eda353.htm
 */
export function welchMargin(before: readonly number[], after: readonly number[]): number {
  const [a, b] = [squaredStandardError(before), squaredStandardError(after)];
  const error = Math.sqrt(a + b);
  const n = before.length - 1;
  const freedom = error === 0 ? 2 * n : error ** 4 / ((a ** 2 + b ** 2) / n);
  return studentQuantile(freedom) * error;
}

function squaredStandardError(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return variance / values.length;
}

/**
 * The 97.5th percentile of Student's t for 4 to 8 degrees of freedom, the range of two samples of five.
 * @see https://www.itl.nist.gov/div898/handbook/eda/section3/eda3672.htm
 */
const T_975 = [2.776, 2.571, 2.447, 2.365, 2.306];
const MIN_FREEDOM = 4;

function studentQuantile(freedom: number): number {
  const place = Math.min(Math.max(freedom - MIN_FREEDOM, 0), T_975.length - 1);
  const low = Math.floor(place);
  const [a, b] = [T_975[low] as number, T_975[Math.min(low + 1, T_975.length - 1)] as number];
  return a + (b - a) * (place - low);
}
