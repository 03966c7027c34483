import { performance } from 'node:perf_hooks';

/** Reads the monotonic clock, in milliseconds. Bound at load, so that an app's fake timers do not change durations. */
export const now: () => number = performance.now.bind(performance);
