import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from '../../../stack/run.ts';
import { isWithin, textOf } from '../../../stack/version-range.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
/** No upper limit: Debian updates its Chromium every week. 156 is the oldest version that the tests have run with. */
const RANGE = { from: '156' };
const INSTALL = 'install one with: apt-get install chromium';

/** Where Chromium is, or why the tests of the page cannot run. */
export type Chromium = { readonly path: string } | { readonly missing: string };

let found: Promise<Chromium> | undefined;

/** Finds the Chromium of this machine; none is downloaded. */
export function findChromium(): Promise<Chromium> {
  found ??= find(process.env.PATH ?? '');
  return found;
}

/** @param path folders to search, as in the variable PATH */
export async function find(path: string): Promise<Chromium> {
  const file = path
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isExecutable);
  if (file === undefined) return { missing: `Chromium is not on PATH; ${INSTALL}` };
  try {
    const { stdout } = await run(file, ['--version']);
    const [, version] = / (\d+\.\d+\.\d+)/.exec(stdout) ?? [];
    if (version === undefined) return { missing: `${file} --version prints no version: ${stdout.trim()}; ${INSTALL}` };
    if (isWithin(version, RANGE)) return { path: file };
    return { missing: `${file} is Chromium ${version}, and ${textOf(RANGE)} is needed; ${INSTALL}` };
  } catch (error) {
    return { missing: `${file} --version failed: ${(error as Error).message}; ${INSTALL}` };
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
