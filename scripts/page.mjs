// Builds the live page into one module of dist: its script, its style sheet, the page and the icon, as texts. So a bundle
// of an app contains the page, without files beside it.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src/page/browser');

// uPlot is bundled, so its licence must be included.
const banner = `/*! uPlot\n${readFileSync(join(root, 'node_modules/uplot/LICENSE'), 'utf8')}*/`;
const { outputFiles } = await build({
  entryPoints: { page: join(source, 'main.ts'), styles: join(source, 'styles/page.css') },
  outdir: source,
  entryNames: 'page',
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  banner: { js: banner, css: banner },
  write: false,
  logLevel: 'warning',
});
const built = outputFiles.map(({ path, text }) => [basename(path), text]);
const copied = ['page.html', 'icon.svg'].map((name) => [name, readFileSync(join(source, name), 'utf8')]);
const files = Object.fromEntries([...built, ...copied]);
writeFileSync(join(root, 'dist/page/server/page-files.js'), `exports.FILES = ${JSON.stringify(files)};\n`);
