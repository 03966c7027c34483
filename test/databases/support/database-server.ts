import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Instance } from '../../../stack/instance.ts';
import { freePorts } from '../../../stack/ports.ts';
import { ServerProcess } from '../../../stack/server-process.ts';

/** Where a test reaches a database server: both ways lead to the same one. */
export interface DatabaseAddress {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Path of its Unix domain socket. */
  readonly socket: string;
  /** An empty database in it. */
  readonly database: string;
}

/**
 * @property folder  fresh, for its data
 * @property uid     the user that it must run as; undefined for this one
 */
interface Place extends DatabaseAddress {
  readonly folder: string;
  readonly uid: number | undefined;
}

export interface DatabaseProgram {
  readonly name: string;
  readonly database: string;
  /** The line of its output that says that it accepts connections. */
  readonly readyLine: string;
  /** Prepares the folder. @returns the program and its arguments */
  prepare(place: Place): Promise<{ path: string; args: string[] }>;
  /** The name of the socket in the folder. */
  socketName(port: number): string;
}

export interface DatabaseServer extends DatabaseAddress {
  close(): Promise<void>;
}

/** Starts a database server on the loopback address with an empty database, and waits until it is ready. */
export async function startDatabase(program: DatabaseProgram): Promise<DatabaseServer> {
  const [port] = (await freePorts(1)) as [number];
  const folder = mkdtempSync(join(tmpdir(), `apm-${program.name}-`));
  const { database } = program;
  const uid = unprivilegedUser();
  if (uid !== undefined) chownSync(folder, uid, -1);
  const socket = join(folder, program.socketName(port));
  const { path, args } = await program.prepare({ folder, port, socket, uid, database }).catch((error) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const service = new ServerProcess({
    name: program.name,
    path,
    args,
    cwd: folder,
    isReady: (output) => output.includes(program.readyLine),
    ...(uid !== undefined && { uid }),
  });
  const instance = await new Instance(service, folder, true).start();
  return { port, socket, database, close: () => instance.close() };
}

/** PostgreSQL and MariaDB refuse to run as root, which a container's user often is. */
function unprivilegedUser(): number | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
}
