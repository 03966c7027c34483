import { chmodSync, lstatSync, renameSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { threadId } from 'node:worker_threads';
import { guard } from '../base/guard.ts';
import { createOwnFolder, isOwnFolder, type SocketPaths, statOf } from './socket-paths.ts';

/** The sockets at which the followers find the leader. */
export interface PublishedSocket {
  /** The paths that lead to nothing, or to another socket. */
  lostPaths(): string[];
  close(): void;
}

/** One of them. */
interface SocketFile {
  isLost(): boolean;
  close(): void;
}

/** Connects to the leader of the service. @returns undefined where there is none */
export async function connectToLeader({ paths, areFiles }: SocketPaths): Promise<Socket | undefined> {
  for (const path of paths) {
    // In a folder that other users may write to, the socket could be anybody's.
    if (areFiles && !(isOwnFolder(dirname(path)) && statOf(path)?.isSocket())) continue;
    const socket = await connectTo(path);
    if (socket !== undefined) return socket;
  }
  return undefined;
}

function connectTo(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.unref();
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    // There is no socket, or one that a killed process has left behind.
    socket.once('error', () => resolve(undefined));
  });
}

/**
 * Listens at every path that can be used.
 * @throws where no path can be used, with the reasons
 */
export async function publishSocket(
  { paths, areFiles }: SocketPaths,
  accept: (socket: Socket) => void,
): Promise<PublishedSocket> {
  const reasons: string[] = [];
  const files = new Map<string, SocketFile>();
  for (const path of paths) {
    try {
      files.set(path, areFiles ? await publishFile(path, accept) : await publishPipe(path, accept));
    } catch (cause) {
      reasons.push((cause as Error).message);
    }
  }
  if (files.size === 0) throw new Error(reasons.join('; ') || 'the path of the folder for temporary files is too long');
  return {
    lostPaths: () => [...files].filter(([, file]) => file.isLost()).map(([path]) => path),
    close() {
      for (const file of files.values()) file.close();
    },
  };
}

/**
 * The socket is made under another name and renamed: this replaces one that was left behind in a single step, so that
 * other processes always find a socket.
 */
async function publishFile(path: string, accept: (socket: Socket) => void): Promise<SocketFile> {
  createOwnFolder(dirname(path));
  const unpublished = `${path}.${process.pid}.${threadId}`;
  removeFile(unpublished);
  const server = await listen(unpublished, accept);
  try {
    chmodSync(unpublished, 0o600);
    renameSync(unpublished, path);
  } catch (cause) {
    server.close();
    removeFile(unpublished);
    throw cause;
  }
  const { ino } = lstatSync(path);
  const isLost = () => statOf(path)?.ino !== ino;
  return {
    isLost,
    close() {
      server.close();
      if (!isLost()) removeFile(path);
    },
  };
}

/** Windows removes a pipe with its process, and allows no second listener before. */
async function publishPipe(path: string, accept: (socket: Socket) => void): Promise<SocketFile> {
  const server = await listen(path, accept);
  return { isLost: () => false, close: () => void server.close() };
}

function listen(path: string, accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.unref();
    // An error thrown here would be an uncaught exception of the app.
    guard('accept another process', () => accept(socket));
  });
  server.unref();
  return new Promise((resolve, reject) => {
    // Exclusive: the primary process of a cluster would otherwise hold the socket for all workers.
    server.once('error', reject).listen({ path, exclusive: true }, () => {
      // A failure to accept, such as too many open files, concerns only the process that connects.
      server.off('error', reject).on('error', () => {});
      resolve(server);
    });
  });
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // There is none.
  }
}
