import { chmodSync, lstatSync, renameSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { threadId } from 'node:worker_threads';
import { isOwnFolder, lookAt, ownFolder, type SocketPaths } from './socket-paths.ts';

/** The socket at which the others find the owner. */
export interface PublishedSocket {
  /** Whether the path still leads here; otherwise whether somebody else's is there instead. */
  check(): 'ours' | 'gone' | 'replaced';
  close(): void;
}

/**
 * Connects to whoever owns the service's socket.
 * @returns undefined where nobody does
 */
export async function connectToLeader({ paths, files }: SocketPaths): Promise<Socket | undefined> {
  for (const path of paths) {
    // A folder that others may write to could lead to anybody.
    if (files && !isOwnFolder(dirname(path))) continue;
    const socket = await connected(path);
    if (socket !== undefined) return socket;
  }
  return undefined;
}

function connected(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.unref();
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    // Not there, or left behind by a process that was killed.
    socket.once('error', () => resolve(undefined));
  });
}

/**
 * Listens where the others look. The socket is made under a name of its own and moved to its place, which takes the
 * place of one that was left behind, in one step: whoever looks finds the one or the other.
 * @throws when no folder can be used, with the reasons
 */
export async function publishSocket(
  { paths, files }: SocketPaths,
  accept: (socket: Socket) => void,
): Promise<PublishedSocket> {
  const reasons: string[] = [];
  for (const path of paths) {
    try {
      return files ? await meetAtFile(path, accept) : await meetAtPipe(path, accept);
    } catch (cause) {
      reasons.push((cause as Error).message);
    }
  }
  throw new Error(reasons.join('; ') || 'the path of the folder for temporary files is too long');
}

async function meetAtFile(path: string, accept: (socket: Socket) => void): Promise<PublishedSocket> {
  ownFolder(dirname(path));
  const unpublished = `${path}.${process.pid}.${threadId}`;
  unlink(unpublished);
  const server = await listening(unpublished, accept);
  try {
    chmodSync(unpublished, 0o600);
    renameSync(unpublished, path);
  } catch (cause) {
    server.close();
    unlink(unpublished);
    throw cause;
  }
  const { ino } = lstatSync(path);
  const check = () => {
    const found = lookAt(path);
    return found === undefined ? 'gone' : found.ino === ino ? 'ours' : 'replaced';
  };
  return {
    check,
    close() {
      server.close();
      if (check() === 'ours') unlink(path);
    },
  };
}

/** Windows takes a pipe away with its process, and lets nobody else listen there before. */
async function meetAtPipe(path: string, accept: (socket: Socket) => void): Promise<PublishedSocket> {
  const server = await listening(path, accept);
  return { check: () => 'ours', close: () => void server.close() };
}

function listening(path: string, accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.unref();
    accept(socket);
  });
  server.unref();
  return new Promise((resolve, reject) => {
    // Exclusive: a cluster's primary would otherwise hold the socket for all workers.
    server.once('error', reject).listen({ path, exclusive: true }, () => {
      // Errors of accepting, such as too many open files, concern the one who wanted to connect.
      server.off('error', reject).on('error', () => {});
      resolve(server);
    });
  });
}

function unlink(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Not there.
  }
}
