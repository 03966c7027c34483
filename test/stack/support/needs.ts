import { beforeAll, type TestContext } from 'vitest';
import { type Found, findProgram, type ProgramName } from '../../../stack/programs.ts';
import { missing } from './missing.ts';

/** Longer than they take to build beside other tests. */
const BUILD = 30 * 60_000;

/**
 * The real programs the tests of a file need, asked for at its top; what a test then takes, it runs. Where one cannot be
 * had, the tests that take it are skipped and say why; with APM_REQUIRE_STACK=1 they fail.
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
  }, BUILD);
  return (name: Name, test: TestContext): Found => {
    const one = found.get(name);
    if (one) return one;
    return missing(test, `${name} is missing: ${reasons.get(name)}`);
  };
}
