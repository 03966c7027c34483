import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../src/cli/compare/sources/rounds/free-port.ts';

/** A service whose port is taken tries the next ones: they must not be the port of another service. */
const PORTS_APART = 8;
/** Has a file for each port that a process has chosen: a program that is restarted does not listen in between. */
const CLAIMS = join(tmpdir(), 'apm-test-ports');

/** Free ports. No process that runs at the same time gets one of them, and this one gets none twice. */
export async function freePorts(count: number): Promise<number[]> {
  mkdirSync(CLAIMS, { recursive: true });
  const ports: number[] = [];
  while (ports.length < count) {
    ports.push(await findFreePort((candidate) => candidate % PORTS_APART === 0 && claim(candidate)));
  }
  return ports;
}

function claim(port: number): boolean {
  const file = join(CLAIMS, String(port));
  const own = String(process.pid);
  try {
    writeFileSync(file, own, { flag: 'wx' });
    return true;
  } catch {
    if (isRunning(Number(readFileSync(file, 'utf8')))) return false;
    writeFileSync(file, own);
    return true;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
