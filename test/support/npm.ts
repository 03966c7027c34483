import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { npmCommand } from '../../scripts/npm.mjs';

/** Runs npm in a folder outside this repository, so that no workspace or setting of the repository has an effect. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const [file, ...first] = npmCommand();
  const shell = file === 'npm' && process.platform === 'win32';
  const { stdout } = await promisify(execFile)(file, [...first, ...args], { cwd, shell, maxBuffer: 64 << 20 });
  return stdout;
}
