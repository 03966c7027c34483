// The build bundles this file (scripts/bundle.mjs), so that stdlib is no dependency of the package.
import cdf from '@stdlib/stats-base-dists-t-cdf';
import inverse from '@stdlib/stats-base-dists-t-quantile';

/** The probability of a t at least this far from 0, in either direction. */
export const twoSidedP = (t: number, freedom: number): number => 2 * cdf(-Math.abs(t), freedom);

/** The number of standard errors around 0 that hold a t with this probability. */
export const tQuantile = (probability: number, freedom: number): number => inverse((1 + probability) / 2, freedom);
