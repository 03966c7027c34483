import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** As many as the pages of a small website: each is loaded when it is visited, so it becomes a file of its own. */
const PAGES = [
  ...[
    'account',
    'admin',
    'blog',
    'cart',
    'chat',
    'checkout',
    'contact',
    'dashboard',
    'docs',
    'editor',
    'events',
    'faq',
  ],
  ...['forum', 'gallery', 'help', 'home', 'inbox', 'invoices', 'jobs', 'login', 'map', 'news', 'orders', 'prices'],
  ...[
    'profile',
    'reports',
    'search',
    'settings',
    'shop',
    'signup',
    'status',
    'support',
    'team',
    'terms',
    'users',
    'video',
  ],
];

/** The configuration that builds into `out`, by the name of its file. Hashes are on, where that is no default. */
const CONFIGURATIONS: Readonly<Record<string, string>> = {
  'vite.config.mjs': `export default { build: { outDir: 'out/vite', sourcemap: true, assetsInlineLimit: 0 }, logLevel: 'error' };`,
  'rollup.config.mjs': `
    export default {
      input: 'main.js',
      output: { dir: 'out/rollup', format: 'es', sourcemap: true, entryFileNames: '[name]-[hash].js' },
    };`,
  'webpack.config.cjs': `
    module.exports = {
      mode: 'production',
      context: __dirname,
      entry: { main: './with-image.js' },
      devtool: 'source-map',
      module: { rules: [{ test: /\\.svg$/, type: 'asset/resource' }] },
      output: { path: __dirname + '/out/webpack', filename: '[name].[contenthash].js', publicPath: '/' },
    };`,
  'esbuild.mjs': `
    import { build } from 'esbuild';
    await build({
      entryPoints: ['with-image.js', 'style.css'],
      entryNames: '[name]-[hash]',
      outdir: 'out/esbuild',
      bundle: true,
      splitting: true,
      format: 'esm',
      sourcemap: true,
      loader: { '.svg': 'file' },
    });`,
};

/** Writes the sources of a website: scripts, a style, an image. */
export async function writeWebsite(folder: string): Promise<void> {
  const pages = PAGES.map((page) => [`pages/${page}.js`, `export default () => document.write('${page}');`]);
  const imports = PAGES.map((page) => `import('./pages/${page}.js').then((page) => page.default());`).join('\n');
  const files: Record<string, string> = {
    ...Object.fromEntries(pages),
    ...CONFIGURATIONS,
    'main.js': imports,
    'with-image.js': `import logo from './logo.svg';\nconsole.log(logo);\n${imports}`,
    'style.css': 'body { background: url(./logo.svg) }',
    'logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'index.html': '<link rel="stylesheet" href="./style.css"><script type="module" src="./with-image.js"></script>',
  };
  await mkdir(join(folder, 'pages'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}
