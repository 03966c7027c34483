import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../support/root.ts';

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the built `apm` command as users do, in a bare environment. */
export async function apm(args: string[], env: Record<string, string> = {}): Promise<CommandResult> {
  const child = spawn(process.execPath, [join(root, 'dist/cli/apm.js'), ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

/** Masks what differs between runs: ports, the process, versions, times, and the path of this repository. */
export const maskVolatile = (output: string): string =>
  output
    .replaceAll(new URL('../../', import.meta.url).href, 'file:///app/')
    .replace(/pid \d+, up \d+ s, Node\.js [\d.]+, @org\/apm \d+\.\d+\.\d+\S*/g, 'pid PID, up TIME, VERSIONS')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::\]):\d+/g, '$1:PORT');
