import { beforeAll, type TestContext } from 'vitest';
import { type Found, type ProgramName, program } from '../../../stack/programs.ts';

/** Longer than they take to build beside other tests. */
const BUILD = 30 * 60_000;
const required = process.env.APM_REQUIRE_STACK === '1';

/**
 * The real programs the tests of a file need, asked for at its top; what a test then takes, it runs. Where one cannot be
 * had, the tests that take it are skipped and say why; with APM_REQUIRE_STACK=1 they fail.
 */
export function needs<Name extends ProgramName>(...names: Name[]) {
  const found = new Map<ProgramName, Found>();
  const missing = new Map<ProgramName, string>();
  beforeAll(async () => {
    for (const name of names) {
      const one = await program(name);
      if ('path' in one) found.set(name, one);
      else missing.set(name, one.missing);
    }
  }, BUILD);
  return (name: Name, test: TestContext): Found => {
    const one = found.get(name);
    if (one) return one;
    const why = `${name} is missing: ${missing.get(name)}`;
    if (required) throw new Error(`APM_REQUIRE_STACK=1, and ${why}`);
    // Not by console.log, which reporters may hide.
    process.stdout.write(`skipped "${test.task.name}": ${why}\n`);
    return test.skip(why);
  };
}
