import { beforeAll, type TestContext } from 'vitest';
import { type Found, findProgram, type ProgramName } from '../../../stack/programs.ts';
import { skipMissing } from './skip-missing.ts';

/** Includes building the programs while other tests run. */
const BUILD_TIMEOUT_MS = 30 * 60_000;

/**
 * Finds or builds the real programs that the tests of a file need, before these run. A test that takes a missing program is
 * skipped with the reason; with APM_REQUIRE_STACK=1 it fails.
 * @returns a function that takes one program in a test; its `all` returns all programs for `shared`, or undefined if one is
 * missing
 */
export function needPrograms<Name extends ProgramName>(...names: Name[]) {
  const found = new Map<ProgramName, Found>();
  const reasons = new Map<ProgramName, string>();
  beforeAll(async () => {
    for (const name of names) {
      const one = await findProgram(name);
      if ('path' in one) found.set(name, one);
      else reasons.set(name, one.missing);
    }
  }, BUILD_TIMEOUT_MS);
  const take = (name: Name, test: TestContext): Found => {
    const one = found.get(name);
    if (one) return one;
    return skipMissing(test, `${name} is missing: ${reasons.get(name)}`);
  };
  const all = (): Record<Name, Found> | undefined =>
    reasons.size === 0 ? (Object.fromEntries(found) as Record<Name, Found>) : undefined;
  return Object.assign(take, { all });
}
