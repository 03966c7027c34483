import type { TestContext } from 'vitest';

/** Skips a test for what cannot be had here, and says why; with APM_REQUIRE_STACK=1 it fails. */
export function missing(test: TestContext, why: string): never {
  if (process.env.APM_REQUIRE_STACK === '1') throw new Error(`APM_REQUIRE_STACK=1, and ${why}`);
  // Not by console.log, which reporters may hide.
  process.stdout.write(`skipped "${test.task.name}": ${why}\n`);
  return test.skip(why);
}
