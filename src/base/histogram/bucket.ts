/** The values above `low`, up to and including `high`. The first bucket also holds the values that are 0. */
export interface Bucket {
  readonly low: number;
  /** Infinite for the bucket above the top bound. */
  readonly high: number;
  /** No integer where counts were weighted. */
  readonly count: number;
}
