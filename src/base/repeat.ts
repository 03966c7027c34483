import { setInterval } from './timers.ts';

/**
 * Runs a task at an interval. While it still runs, it is not run again: on a busy machine it may take longer than the interval.
 * Does not keep the process alive.
 * @param task never rejects
 */
export function repeat(task: () => Promise<void>, milliseconds: number): NodeJS.Timeout {
  let isRunning = false;
  const run = async () => {
    if (isRunning) return;
    isRunning = true;
    await task();
    isRunning = false;
  };
  return setInterval(() => void run(), milliseconds).unref();
}
