// Bundles a dependency of the command-line tool into one file, so that installing this package does not install it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'dist/cli/compare/statistics/student.js');
const licence = readFileSync(join(root, 'node_modules/@stdlib/stats-base-dists-t-cdf/NOTICE'), 'utf8');

await build({
  entryPoints: [join(root, 'src/cli/compare/statistics/student.ts')],
  outfile: file,
  bundle: true,
  minify: true,
  format: 'esm',
  // `browser` leaves out its debug code, which would import Node modules.
  platform: 'browser',
  target: 'es2022',
  allowOverwrite: true,
  banner: { js: `/*! @stdlib, Apache-2.0\n${licence}*/` },
  logLevel: 'warning',
});
