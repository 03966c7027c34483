// Bundles what must be one file: a dependency of the command-line tool, so that installing this package does not install it,
// and the program of the thread that pushes at exit, which has no files beside it where an app is bundled.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const common = { bundle: true, minify: true, format: 'cjs', target: 'es2022', logLevel: 'warning' };
const licence = readFileSync(join(root, 'node_modules/@stdlib/stats-base-dists-t-cdf/NOTICE'), 'utf8');

await build({
  ...common,
  entryPoints: [join(root, 'src/cli/compare/statistics/student.ts')],
  outfile: join(root, 'dist/cli/compare/statistics/student.js'),
  // `browser` leaves out its debug code, which would import Node modules.
  platform: 'browser',
  allowOverwrite: true,
  banner: { js: `/*! @stdlib, Apache-2.0\n${licence}*/` },
});

const { outputFiles } = await build({
  ...common,
  entryPoints: [join(root, 'src/expose/push/exit-push-thread.ts')],
  platform: 'node',
  write: false,
  // A text has no file name. The packages for gRPC are looked for from the file of this package that started the thread.
  define: { __filename: 'apmFile' },
  banner: {
    js: "const { file: apmFile, pnp: apmPnp } = require('node:worker_threads').workerData;\nif (apmPnp) require(apmPnp).setup();",
  },
});
const [{ text: program }] = outputFiles;
writeFileSync(join(root, 'dist/expose/push/exit-push-program.js'), `exports.program = ${JSON.stringify(program)};\n`);
