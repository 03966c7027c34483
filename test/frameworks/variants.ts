import { readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, transform } from 'esbuild';
import { root } from '../support/root.ts';
import type { Framework } from './framework.ts';

/** The ways to load an app. */
export const VARIANTS = ['CommonJS', 'ES module', 'TypeScript under tsx', 'bundle', 'minified bundle'] as const;
export type Variant = (typeof VARIANTS)[number];

/** @property flags  flags that Node needs for it, after the preload */
export interface Program {
  readonly file: string;
  readonly flags: readonly string[];
}

const tsx = pathToFileURL(createRequire(join(root, 'package.json')).resolve('tsx')).href;

/** Writes one variant of a framework's app to the folder with its packages, so that Node finds its imports. */
export async function makeVariant(
  framework: Framework,
  source: string,
  folder: string,
  variant: Variant,
): Promise<Program> {
  const app = join(folder, 'app.ts');
  await writeWhole(app, await readFile(source, 'utf8'));
  const compilerOptions = { target: 'es2022', module: 'nodenext', ...framework.tsconfig };
  await writeWhole(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));

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
    await writeWhole(file, outputFiles[0]?.text ?? '');
    return { file, flags: [] };
  }
  const [extension, format] = variant === 'CommonJS' ? (['cjs', 'cjs'] as const) : (['mjs', 'esm'] as const);
  const file = join(folder, `app.${extension}`);
  const { code } = await transform(await readFile(app, 'utf8'), {
    // With this extension, the default export of a CommonJS package is the same as in an ES module.
    sourcefile: 'app.mts',
    loader: 'ts',
    format,
    platform: 'node',
    target: 'es2022',
    tsconfigRaw: { compilerOptions },
  });
  await writeWhole(file, code);
  return { file, flags: [] };
}

/** Replaces the file at once, because another test may be about to run it. */
async function writeWhole(file: string, text: string): Promise<void> {
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, text);
  await rename(partial, file);
}

/** Bundled CommonJS packages call `require`, which ES modules do not have. */
export const REQUIRE: BuildOptions = {
  banner: { js: `import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);` },
};
