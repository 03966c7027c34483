// Bundled into one file when it is built: what it needs of stdlib is no dependency of whoever installs this package.
import cdf from '@stdlib/stats-base-dists-t-cdf';
import inverse from '@stdlib/stats-base-dists-t-quantile';

/** The probability that a t of so many degrees of freedom is as far from 0 as this one, or farther. */
export const twoSided = (t: number, freedom: number): number => 2 * cdf(-Math.abs(t), freedom);

/** Within so many standard errors of 0 a t lies with this probability. */
export const within = (probability: number, freedom: number): number => inverse((1 + probability) / 2, freedom);
