import type { TestContext } from 'vitest';
import { missing } from '../../stack/support/missing.ts';

/**
 * Builds a program that only the tests of this folder need. If the build fails, skips the test with the reason; with
 * APM_REQUIRE_STACK=1 the test fails.
 * @param what the name of the program for the reason
 */
export async function orSkip(test: TestContext, what: string, build: () => Promise<string>): Promise<string> {
  try {
    return await build();
  } catch (error) {
    return missing(test, `${what} cannot be built: ${(error as Error).message}`);
  }
}
