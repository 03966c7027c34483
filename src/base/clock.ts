import { performance } from 'node:perf_hooks';

/** Milliseconds of the monotonic clock. Bound at load, so that an app's fake timers do not fake its durations. */
export const now: () => number = performance.now.bind(performance);
