import { readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, transform } from 'esbuild';
import { root } from '../support/root.ts';
import type { Framework } from './framework.ts';

/** The ways an app may be loaded. */
export const VARIANTS = ['CommonJS', 'ES module', 'TypeScript under tsx', 'bundle', 'minified bundle'] as const;
export type Variant = (typeof VARIANTS)[number];

/** @property flags  that Node needs for it, after the preload */
export interface Program {
  readonly file: string;
  readonly flags: readonly string[];
}

const tsx = pathToFileURL(createRequire(join(root, 'package.json')).resolve('tsx')).href;

/** Makes one variant of a framework's app in the folder where its packages are, so that its imports are found there. */
export async function makeVariant(
  framework: Framework,
  source: string,
  folder: string,
  variant: Variant,
): Promise<Program> {
  const app = join(folder, 'app.ts');
  await place(app, await readFile(source, 'utf8'));
  const compilerOptions = { target: 'es2022', module: 'nodenext', ...framework.tsconfig };
  await place(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));

  if (variant === 'TypeScript under tsx') return { file: app, flags: ['--import', tsx] };
  if (variant === 'bundle' || variant === 'minified bundle') {
    const { external = [], format = 'cjs' } = framework.bundle ?? {};
    const file = join(folder, `${variant.replace(' ', '-')}.${format === 'cjs' ? 'cjs' : 'mjs'}`);
    const { outputFiles = [] } = await build({
      absWorkingDir: folder,
      entryPoints: [app],
      outfile: file,
      write: false,
      bundle: true,
      minify: variant === 'minified bundle',
      platform: 'node',
      format,
      external: [...external],
      logLevel: 'error',
      ...(format === 'esm' ? REQUIRE : {}),
    });
    await place(file, outputFiles[0]?.text ?? '');
    return { file, flags: [] };
  }
  const [extension, format] = variant === 'CommonJS' ? (['cjs', 'cjs'] as const) : (['mjs', 'esm'] as const);
  const file = join(folder, `app.${extension}`);
  const { code } = await transform(await readFile(app, 'utf8'), {
    // This name has a CommonJS package's default export be what an ES module gets.
    sourcefile: 'app.mts',
    loader: 'ts',
    format,
    platform: 'node',
    target: 'es2022',
    tsconfigRaw: { compilerOptions },
  });
  await place(file, code);
  return { file, flags: [] };
}

/** Whole or not at all: another test may be about to run it. */
async function place(file: string, text: string): Promise<void> {
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, text);
  await rename(partial, file);
}

/** CommonJS packages inside of an ES module call `require`, which is not there. */
const REQUIRE: BuildOptions = {
  banner: { js: `import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);` },
};
