import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The system's limit is 104 bytes on macOS and 108 on Linux. Before it is published, a socket has a longer name. */
const MAX_PATH_BYTES = 80;

export interface SocketPaths {
  /** Where the leader's socket is; where not all of these can be used, in some of them. */
  readonly paths: readonly string[];
  /** Whether they are files: these stay behind when a process is killed. */
  readonly areFiles: boolean;
}

/** Groups of one service that run at once: its programs and releases that are not merged. Further ones are alone. */
const MAX_GROUPS = 8;

/**
 * Where the processes of one service and user find each other on this machine: one slot for each group of them. The host
 * name is part of the path: containers may share a folder and still have different networks.
 * @param parts equal for processes of the same service
 */
export function slotsFor(parts: readonly string[]): SocketPaths[] {
  const user = process.getuid?.() ?? userInfo().username;
  const name = createHash('sha256')
    .update(JSON.stringify([...parts, user, hostname()]))
    .digest('hex')
    .slice(0, 16);
  const names = Array.from({ length: MAX_GROUPS }, (_, i) => (i === 0 ? name : `${name}-${i + 1}`));
  if (process.platform === 'win32') {
    return names.map((each) => ({ paths: [`\\\\.\\pipe\\org-apm-${each}`], areFiles: false }));
  }
  const folders = sharedFolders(user).map((folder) => join(folder, `org-apm-${user}`));
  return names.map((each) => ({
    paths: folders.map((folder) => join(folder, each)).filter((path) => Buffer.byteLength(path) <= MAX_PATH_BYTES),
    areFiles: true,
  }));
}

/**
 * Every folder that another process of this user may see. A leader publishes its socket in all of them: with systemd's
 * PrivateTmp, `/tmp` is another one for each service, and with `TMPDIR` or in containers another folder is not shared.
 */
function sharedFolders(user: number | string): string[] {
  const onLinux = [process.env.XDG_RUNTIME_DIR ?? '', `/run/user/${user}`, '/dev/shm'].filter((path) =>
    existsSync(path),
  );
  const folders = [tmpdir(), ...(process.platform === 'linux' ? onLinux : []), '/tmp'].filter(isAbsolute);
  // Two paths may lead to one folder, where the second socket would replace the first.
  const found = new Map<string, string>();
  for (const folder of folders) {
    const stats = statOf(folder, statSync);
    const key = stats === undefined ? folder : `${stats.dev}:${stats.ino}`;
    if (!found.has(key)) found.set(key, folder);
  }
  return [...found.values()];
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

/** undefined where nothing is there, or it cannot be read. @param stat follows no links by default */
export function statOf(path: string, stat: typeof statSync = lstatSync): Stats | undefined {
  try {
    return stat(path, { throwIfNoEntry: false });
  } catch {
    // For example where a parent of the path is a file.
    return undefined;
  }
}
