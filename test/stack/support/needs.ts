import { beforeAll, type TestContext } from 'vitest';
import { type Found, findProgram, type ProgramName } from '../../../stack/programs.ts';
import { missing } from './missing.ts';

/** Longer than they take to build beside other tests. */
const BUILD_TIMEOUT_MS = 30 * 60_000;

/**
 * The real programs the tests of a file need, asked for at its top; what a test then takes, it runs. Where one cannot be
 * had, the tests that take it are skipped and say why; with APM_REQUIRE_STACK=1 they fail.
 * @returns takes one in a test; `all` has every one of them for `shared`, or nothing where one is missing
 */
export function needs<Name extends ProgramName>(...names: Name[]) {
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
    return missing(test, `${name} is missing: ${reasons.get(name)}`);
  };
  const all = (): Record<Name, Found> | undefined =>
    reasons.size === 0 ? (Object.fromEntries(found) as Record<Name, Found>) : undefined;
  return Object.assign(take, { all });
}
