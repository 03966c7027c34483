import type { TestContext } from 'vitest';

/** Skips a test that cannot run here, and prints the reason. With APM_REQUIRE_STACK=1 the test fails. */
export function skipMissing(test: TestContext, reason: string): never {
  if (process.env.APM_REQUIRE_STACK === '1') throw new Error(`APM_REQUIRE_STACK=1, and ${reason}`);
  // Not by console.log, because reporters may hide it.
  process.stdout.write(`skipped "${test.task.name}": ${reason}\n`);
  return test.skip(reason);
}
