import type { Bucket, Histogram } from './histogram.ts';

/** A histogram with given bounds, such as those of a Prometheus histogram. */
export class ExplicitHistogram implements Histogram {
  readonly isFine = false;
  readonly bounds: readonly number[];
  /** Of each bucket, not cumulative; the last bucket has no upper bound. */
  readonly counts: number[];

  /**
   * @param bounds upper bounds, ascending
   * @param counts one more than bounds; all 0 by default. They are copied
   */
  constructor(bounds: readonly number[], counts?: readonly number[]) {
    this.bounds = bounds;
    this.counts = counts?.slice() ?? new Array<number>(bounds.length + 1).fill(0);
  }

  get total(): number {
    return this.counts.reduce((total, count) => total + count, 0);
  }

  buckets(): Bucket[] {
    return this.counts.flatMap((count, i) =>
      count > 0 ? [{ low: this.bounds[i - 1] ?? 0, high: this.bounds[i] ?? Number.POSITIVE_INFINITY, count }] : [],
    );
  }

  add(other: Histogram, factor = 1): this {
    if (
      !(other instanceof ExplicitHistogram) ||
      !(other.bounds === this.bounds || isEqual(other.bounds, this.bounds))
    ) {
      throw new Error('histograms with other bounds cannot be added');
    }
    for (let i = 0; i < this.counts.length; i++) (this.counts[i] as number) += factor * (other.counts[i] as number);
    return this;
  }

  createEmpty(): ExplicitHistogram {
    return new ExplicitHistogram(this.bounds);
  }
}

const isEqual = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((bound, i) => bound === b[i]);
