import { performance } from 'node:perf_hooks';

/** Reads the monotonic clock, in milliseconds. Bound at load, so that an app's fake timers do not change durations. */
export const now: () => number = performance.now.bind(performance);

const { nodeTiming } = performance;

/** How long the event loop of this thread has been idle since it began, in milliseconds. Two reads tell how busy it was. */
export const readIdle = (): number => nodeTiming.idleTime;
