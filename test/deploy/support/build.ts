/** Builds the programs that only the tests in test/deploy need, and prints their paths. stack/build.ts builds the others. */
import { buildBiggerCollector } from './bigger-collector.ts';
import { buildComposeLoader } from './compose-loader.ts';

for (const build of [buildBiggerCollector, buildComposeLoader]) console.log(await build());
