import type { TestContext } from 'vitest';
import { missing } from '../../stack/support/missing.ts';

/**
 * What only the tests of this folder need, built where it is missing. Where it cannot be, the test is skipped and says
 * why; with APM_REQUIRE_STACK=1 it fails.
 * @param what as in "the ... cannot be built"
 */
export async function orSkip(test: TestContext, what: string, build: () => Promise<string>): Promise<string> {
  try {
    return await build();
  } catch (error) {
    return missing(test, `${what} cannot be built: ${(error as Error).message}`);
  }
}
