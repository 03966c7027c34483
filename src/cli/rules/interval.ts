/** Seconds between two evaluations. A recorded rate, summed up and times this, is how many requests there were. */
export const EVALUATION_INTERVAL_SECONDS = 30;
