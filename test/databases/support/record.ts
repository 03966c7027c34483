import { join } from 'node:path';
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
  readonly server: DatabaseName;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs an app with a driver. In what it prints, the port and the folder of the server's socket are replaced. */
export async function record<T = Recorded>(test: TestContext, recording: Recording): Promise<T> {
  const { app, folder, driver, version, env } = recording;
  const address = databaseServer(recording.server, test);
  const args = [join(root, 'test/databases/apps', app), folder, driver, JSON.stringify(address)];
  const { stdout } = await run(node(version), args, { cwd: root, env: { ...process.env, ...env } });
  const socketFolder = address.socket.slice(0, address.socket.lastIndexOf('/'));
  return JSON.parse(stdout.replaceAll(`:${address.port}`, ':PORT').replaceAll(socketFolder, 'FOLDER'));
}
