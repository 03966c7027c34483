import { performance } from 'node:perf_hooks';
import { nextTurn } from './timers.ts';

/** Longest stretch of our work before the app's other work gets its turn. */
const STRETCH_MS = 4;

/** @returns a function to await between pieces of work: it yields to the event loop once a stretch is over */
export function createYielder(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < STRETCH_MS) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}

/** Runs a function for each value, and yields to the event loop whenever a stretch is over. A generator is asked value by value. */
export async function forEachInTurns<T>(values: Iterable<T>, run: (value: T) => void): Promise<void> {
  const yieldIfDue = createYielder();
  for (const value of values) {
    run(value);
    await yieldIfDue();
  }
}
