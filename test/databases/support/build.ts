/** Builds the programs that only the tests in test/databases need, and prints their paths. stack/build.ts builds the others. */
import { buildFerretDb } from './ferretdb.ts';

console.log(await buildFerretDb());
