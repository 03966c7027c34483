import { meanOf } from './mean.ts';
import { normaliseWeights, type UncertainError } from './uncertain-error.ts';

/**
 * Values of consecutive windows of one side, or the differences of two sides in each window.
 * @property noises   the variance that each value has because its requests are a sample
 * @property seconds  length of a window
 * @property loading  what a drift by 1 does to a value: 1 for logarithms
 * @property isNoiseKnown  whether the noise of independent requests is at least `noises`, as that of a share is: then windows
 *                         that happen to be alike, such as those without an event, do not make it less
 */
export interface WindowValues {
  readonly values: readonly number[];
  readonly noises: readonly number[];
  readonly seconds: number;
  readonly loading: number;
  readonly isNoiseKnown: boolean;
}

/**
 * How long a drift remembers where it was, in seconds, and how probable that is before the data are seen. Long drifts are the
 * dangerous ones, so they have most of the weight.
 */
const DRIFT_WEIGHTS: ReadonlyMap<number, number> = new Map([
  [60, 1],
  [120, 1],
  [240, 2],
  [480, 8],
]);
/** The variance of the drift, in variances of the noise of a window. */
const DRIFT_RATIOS = [0.05, 0.15, 0.5, 1.5, 5, 15, 50];

/**
 * A drift changes durations and shares by a factor. Before the data are seen, the standard deviation of its logarithm has a
 * half-normal distribution of this width: a drift by 20 % is usual, and one by a factor of 2 counts only where the windows show
 * it. Otherwise a few windows allow for drifts that no machine has, and hide a change by a factor of 10.
 */
const USUAL_DRIFT = 0.2;

/** How much the noise of independent requests counts, beside what the windows show of it: as much as this number of windows. */
const NOISE_FREEDOM = 3;

/** The weights of those that drift have the sum 1. */
const DRIFTS = DRIFT_RATIOS.flatMap((ratio) =>
  Array.from(DRIFT_WEIGHTS, ([seconds, weight]) => {
    const sum = DRIFT_RATIOS.length * [...DRIFT_WEIGHTS.values()].reduce((total, each) => total + each, 0);
    return { ratio, seconds, weight: weight / sum };
  }),
);

/**
 * The error of the sum of the means of one or two sides, while the speed of the machine drifts: slow changes make windows
 * alike that follow each other, so they tell less than their number suggests. The drift is taken for an Ornstein-Uhlenbeck
 * process. Each of many sizes and lengths of it is weighted by how well it explains the windows (a Bayesian average).
 * @param steadiness  the probability that there is no drift, before the data are seen
 */
export function driftError(sides: readonly WindowValues[], steadiness: number): UncertainError {
  const all = sides.flatMap(({ noises }) => noises);
  const freedom = all.length - sides.length + NOISE_FREEDOM;
  const noise = meanOf(all);
  const loading = Math.sqrt(meanOf(sides.map((side) => side.loading ** 2)));
  // Without any variation the values are rounded, and not certain.
  const leastScale = sides.every(({ isNoiseKnown }) => isNoiseKnown) ? noise : 1e-9;
  const candidates = [
    { ratio: 0, seconds: 1, weight: steadiness },
    ...DRIFTS.map(({ weight, ...drift }) => ({
      ...drift,
      weight: weight * (1 - steadiness) * Math.exp(-(drift.ratio * noise) / (USUAL_DRIFT * loading) ** 2 / 2),
    })),
  ];
  const fits = candidates.map(({ ratio, seconds, weight }) => {
    let [squares, variance, logWeight] = [NOISE_FREEDOM * noise, 0, Math.log(weight)];
    for (const side of sides) {
      const fit = fitSide(side, noise, ratio * (side.loading / loading) ** 2, seconds);
      squares += fit.squares;
      variance += fit.variance;
      logWeight += fit.logDensity;
    }
    const scale = Math.max(squares / freedom, leastScale);
    // The logarithm of the density of the windows.
    const logDensity = logWeight - (freedom / 2) * Math.log(scale) - squares / scale / 2;
    return { error: Math.sqrt(scale * variance), logWeight: logDensity };
  });
  return { freedom, sizes: normaliseWeights(fits) };
}

/**
 * A Kalman filter, with an unknown mean. Variances are in those of the noise.
 * @returns the sum of squared innovations, the logarithm of the density without them, and the variance of the mean
 */
function fitSide({ values, noises, seconds }: WindowValues, noise: number, drift: number, driftSeconds: number) {
  const kept = Math.exp(-seconds / driftSeconds);
  // The filtered drift of the values, and of a constant 1, which gives the mean.
  let [ofValues, ofOne, variance] = [0, 0, drift];
  let [valueValue, valueOne, oneOne, logVariance] = [0, 0, 0, 0];
  for (const [i, value] of values.entries()) {
    const total = variance + (noises[i] as number) / noise;
    const [innovation, unit] = [value - ofValues, 1 - ofOne];
    valueValue += (innovation * innovation) / total;
    valueOne += (innovation * unit) / total;
    oneOne += (unit * unit) / total;
    logVariance += Math.log(total);
    const gain = variance / total;
    ofValues = kept * (ofValues + gain * innovation);
    ofOne = kept * (ofOne + gain * unit);
    variance = kept * kept * variance * (1 - gain) + drift * (1 - kept * kept);
  }
  const length = (values.length * seconds) / driftSeconds;
  const driftOfMean = drift * (2 / length) * (1 - (1 - Math.exp(-length)) / length);
  return {
    squares: Math.max(valueValue - (valueOne * valueOne) / oneOne, 0),
    logDensity: -(logVariance + Math.log(oneOne)) / 2,
    variance: driftOfMean + meanOf(noises) / noise / values.length,
  };
}
