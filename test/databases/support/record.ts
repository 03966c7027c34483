import { dirname, join } from 'node:path';
import type { TestContext } from 'vitest';
import { run } from '../../../stack/run.ts';
import { type NodeVersion, node } from '../../support/nodes.ts';
import { root } from '../../support/root.ts';
import type { DatabaseName } from './programs.ts';
import { databaseServer } from './servers.ts';

/**
 * What an app of `apps/` prints.
 * @property steps  the calls that each step made
 * @property open   calls that have not ended
 */
export interface Recorded {
  readonly steps: Readonly<Record<string, readonly string[]>>;
  readonly open: number;
  readonly seconds?: number;
  readonly wait?: number;
  readonly waits?: readonly number[];
}

/**
 * @property folder  has the packages
 * @property driver  the package that the app loads
 */
interface Recording {
  readonly app: string;
  readonly folder: string;
  readonly driver: string;
  readonly version: NodeVersion;
  readonly server?: DatabaseName;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs an app with a driver. In what it prints, the port of its server, its socket and the folder of that are replaced. */
export async function record<T = Recorded>(test: TestContext, recording: Recording): Promise<T> {
  const { app, folder, driver, version, server, env } = recording;
  const address = server && databaseServer(server, test);
  const args = [join(root, 'test/databases/apps', app), folder, driver, ...(address ? [JSON.stringify(address)] : [])];
  const { stdout } = await run(node(version), args, { cwd: root, env: { ...process.env, ...env } });
  if (address === undefined) return JSON.parse(stdout);
  const { port, socket } = address;
  const text = stdout
    .replaceAll(`:${port}`, ':PORT')
    .replaceAll(socket, 'SOCKET')
    .replaceAll(dirname(socket), 'FOLDER');
  return JSON.parse(text);
}
