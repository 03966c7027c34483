import { AsyncLocalStorage } from 'node:async_hooks';
import { beforeAll, onTestFinished } from 'vitest';

type End = () => unknown;

/** The ends of everything that the running `shared` has started. */
const starting = new AsyncLocalStorage<End[]>();

/** Calls `end` after the current test. When `shared` runs, calls it after the last test of the file. */
export function atEnd(end: End): void {
  const ends = starting.getStore();
  if (ends) ends.push(end);
  else onTestFinished(end as () => Promise<void>);
}

/**
 * Starts something once for all tests of a file or of a `describe`, because a start takes from a second to a minute.
 * @returns a function that tests call to get the started value
 */
export function shared<T>(start: () => Promise<T>, timeoutMs?: number): () => T {
  let started: { value: T } | undefined;
  beforeAll(async () => {
    const ends: End[] = [];
    const endAll = async () => {
      for (const end of ends.reverse()) await end();
    };
    try {
      started = { value: await starting.run(ends, start) };
    } catch (error) {
      await endAll();
      throw error;
    }
    return endAll;
  }, timeoutMs);
  return () => {
    if (!started) throw new Error('shared: the value is not started yet; call this function inside a test');
    return started.value;
  };
}
