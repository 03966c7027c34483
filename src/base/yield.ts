import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/** Other work of the app gets its turn after so many milliseconds. */
const STRETCH = 4;

/** @returns to be awaited between pieces of work: lets others run, when a stretch is over */
export function createYielder(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < STRETCH) return undefined;
    return setImmediate().then(() => {
      since = performance.now();
    });
  };
}
