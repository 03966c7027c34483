import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** The system's limit is 104 bytes on macOS and 108 on Linux. Before it is published, a socket has a longer name. */
const MAX_PATH_BYTES = 80;

export interface SocketPaths {
  /** Where the leader's socket may be, in the order in which every process looks. */
  readonly paths: readonly string[];
  /** Whether they are files: these stay behind when a process is killed. */
  readonly areFiles: boolean;
}

/**
 * Where the processes of one service and user find each other on this machine. The host name is part of the path:
 * containers may share a folder and still have different networks.
 * @param parts equal for processes of the same service
 */
export function socketPathsFor(parts: readonly string[]): SocketPaths {
  const user = process.getuid?.() ?? userInfo().username;
  const name = createHash('sha256')
    .update(JSON.stringify([...parts, user, hostname()]))
    .digest('hex')
    .slice(0, 16);
  if (process.platform === 'win32') return { paths: [`\\\\.\\pipe\\org-apm-${name}`], areFiles: false };
  // A container with a read-only file system usually still has /dev/shm.
  const folders = new Set([tmpdir(), '/tmp', ...(process.platform === 'linux' ? ['/dev/shm'] : [])]);
  const paths = [...folders].map((folder) => join(folder, `org-apm-${user}`, name));
  return { paths: paths.filter((path) => Buffer.byteLength(path) <= MAX_PATH_BYTES), areFiles: true };
}

/**
 * Creates the folder of a socket. Only this user may write to it: the followers send their metrics to any socket there.
 * @throws where the folder cannot be created, or other users have access to it
 */
export function createOwnFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
  if (!isOwnFolder(folder)) throw new Error(`${folder} is not a folder of this user alone`);
}

export function isOwnFolder(folder: string): boolean {
  const found = statOf(folder);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
}

/** undefined where nothing is there, or it cannot be read. */
export function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // For example where a parent of the path is a file.
    return undefined;
  }
}
