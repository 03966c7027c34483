import { AsyncLocalStorage } from 'node:async_hooks';
import { beforeAll, onTestFinished } from 'vitest';

type End = () => unknown;

/** What is to be ended of what `shared` starts just now. */
const starting = new AsyncLocalStorage<End[]>();

/** Ends something with the test that started it, or, where `shared` did, with the last test of the file. */
export function atEnd(end: End): void {
  const ends = starting.getStore();
  if (ends) ends.push(end);
  else onTestFinished(end as () => Promise<void>);
}

/**
 * Starts once, before the tests of a file or of a `describe`, what all of them use: each start costs a second or a minute.
 * @returns gives what was started, in a test
 */
export function shared<T>(start: () => Promise<T>, timeoutMs?: number): () => T {
  let value: { of: T } | undefined;
  beforeAll(async () => {
    const ends: End[] = [];
    const endAll = async () => {
      for (const end of ends.reverse()) await end();
    };
    try {
      value = { of: await starting.run(ends, start) };
    } catch (error) {
      await endAll();
      throw error;
    }
    return endAll;
  }, timeoutMs);
  return () => {
    if (!value) throw new Error('shared: nothing has been started yet; ask for it in a test');
    return value.of;
  };
}
