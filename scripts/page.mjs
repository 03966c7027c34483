// Builds the live page into dist: one script, one style sheet, and two files that are copied.
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src/page/browser');
const assets = join(root, 'dist/page/assets');

mkdirSync(assets, { recursive: true });
// uPlot is bundled, so its licence must be included.
const banner = `/*! uPlot\n${readFileSync(join(root, 'node_modules/uplot/LICENSE'), 'utf8')}*/`;
await build({
  entryPoints: { page: join(source, 'main.ts') },
  outdir: assets,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  banner: { js: banner },
  logLevel: 'warning',
});
await build({
  entryPoints: [join(source, 'styles/page.css')],
  outdir: assets,
  bundle: true,
  minify: true,
  banner: { css: banner },
  logLevel: 'warning',
});
for (const name of ['page.html', 'icon.svg']) cpSync(join(source, name), join(assets, name));
