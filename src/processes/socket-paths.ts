import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Longest path of a socket: 104 bytes on macOS, 108 on Linux, and room for the name it has before it is published. */
const LONGEST = 80;

export interface SocketPaths {
  /** Where the socket may be, in the order everybody looks. */
  readonly paths: readonly string[];
  /** Whether they are files, which stay behind when a process is killed. */
  readonly files: boolean;
}

/**
 * Where the processes of one service and user meet on this machine. The host's name is part of it, because containers
 * may share a folder and not a network.
 * @param parts what makes two processes the same service
 */
export function socketPathsFor(parts: readonly string[]): SocketPaths {
  const user = process.getuid?.() ?? userInfo().username;
  const name = createHash('sha256')
    .update(JSON.stringify([...parts, user, hostname()]))
    .digest('hex')
    .slice(0, 16);
  if (process.platform === 'win32') return { paths: [`\\\\.\\pipe\\org-apm-${name}`], files: false };
  // Containers with a read-only file system mostly have the last.
  const folders = new Set([tmpdir(), '/tmp', ...(process.platform === 'linux' ? ['/dev/shm'] : [])]);
  const paths = [...folders].map((folder) => join(folder, `org-apm-${user}`, name));
  return { paths: paths.filter((path) => Buffer.byteLength(path) <= LONGEST), files: true };
}

/**
 * Makes the folder of a socket, for its user alone. Whoever else could put a socket there would be given the metrics.
 * @throws when it cannot be made, or is not of this user alone
 */
export function ownFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
  if (!isOwnFolder(folder)) throw new Error(`${folder} is not a folder of this user alone`);
}

export function isOwnFolder(folder: string): boolean {
  const found = lookAt(folder);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
}

/** undefined where nothing is there, or nobody may know. */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // Such as below what is no folder.
    return undefined;
  }
}
