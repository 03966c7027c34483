/** Builds what only the tests of test/deploy run, beside what stack/build.ts builds, and prints where it is. */
import { buildBiggerCollector } from './bigger-collector.ts';
import { buildComposeLoader } from './compose-loader.ts';

for (const build of [buildBiggerCollector, buildComposeLoader]) console.log(await build());
