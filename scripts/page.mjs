// Builds the live page into dist: one script, one style sheet, and what needs no building.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src/expose/page/browser');
const assets = join(root, 'dist/expose/page/assets');

mkdirSync(assets, { recursive: true });
await build({
  entryPoints: { page: join(source, 'main.ts') },
  outdir: assets,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  // The licence of what is bundled goes with it.
  legalComments: 'inline',
  logLevel: 'warning',
});
await build({
  entryPoints: [join(source, 'page.css')],
  outdir: assets,
  bundle: true,
  minify: true,
  logLevel: 'warning',
});
for (const name of ['page.html', 'icon.svg']) cpSync(join(source, name), join(assets, name));
