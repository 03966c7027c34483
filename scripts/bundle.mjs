// Bundles what must be one file, such as the program of the thread that pushes at exit, which has no files beside it where an
// app is bundled.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const common = { bundle: true, minify: true, format: 'cjs', target: 'es2022', logLevel: 'warning' };
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

// The adapters of frameworks are loaded before the first answer. In one file, their modules take half the time to load.
// The preload loads Fastify's by themselves.
const frameworks = join(root, 'dist/route/frameworks');
const isBundled = (file) => file.startsWith(frameworks + sep) && !file.startsWith(join(frameworks, 'fastify') + sep);
await build({
  ...common,
  minify: false,
  entryPoints: [join(frameworks, 'index.js')],
  outfile: join(frameworks, 'index.js'),
  platform: 'node',
  allowOverwrite: true,
  plugins: [
    {
      name: 'only the adapters',
      setup({ onResolve }) {
        onResolve({ filter: /^\./ }, ({ resolveDir, path }) => {
          const file = resolve(resolveDir, path);
          if (isBundled(file)) return undefined;
          const external = relative(frameworks, file).split(sep).join('/');
          return { path: external.startsWith('.') ? external : `./${external}`, external: true };
        });
      },
    },
  ],
});
for (const name of readdirSync(frameworks)) {
  if (name !== 'fastify' && !name.startsWith('index.')) rmSync(join(frameworks, name), { recursive: true });
}
