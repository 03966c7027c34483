import type { TestContext } from 'vitest';
import { skipMissing } from '../../stack/support/skip-missing.ts';

/**
 * Builds a program that only the tests of this folder need. If the build fails, skips the test with the reason; with
 * APM_REQUIRE_STACK=1 the test fails.
 * @param name the name of the program for the reason
 */
export async function buildOrSkip(test: TestContext, name: string, build: () => Promise<string>): Promise<string> {
  try {
    return await build();
  } catch (error) {
    return skipMissing(test, `${name} cannot be built: ${(error as Error).message}`);
  }
}
