import type { Server, Socket } from 'node:net';
import { guard } from '../base/guard.ts';

/** Below this many connections, only a reader of the metrics looks for those that are gone. */
const MIN_SWEPT_CONNECTIONS = 1024;

/** Node's own state of sockets and servers. A stream of the app in place of a socket has none of it. */
interface NodeSocket {
  _handle?: unknown;
  server?: Server & { _usingWorkers?: boolean };
}

interface ConnectionListener<Connection> {
  /** The connection is destroyed, and its `close` event may never come. */
  onEnd(connection: Connection): void;
  /** Another process answers on the connection. */
  onPassed(connection: Connection): void;
}

/**
 * Connections that had a request and have not closed. Requests of two kinds may end without an event. A socket that is
 * sent to another process (`child.send(message, socket)`, socket.io's sticky sessions) only loses its handle. A stream
 * that an app passes to a server in place of a socket may be created with `emitClose: false`. So `sweep` looks for both.
 */
export class Connections<Connection extends Socket> {
  readonly #open = new Set<Connection>();
  readonly #listener: ConnectionListener<Connection>;
  readonly #answering = new WeakSet<Server>();
  #lastAnswering: Server | undefined;
  #sweepAt = MIN_SWEPT_CONNECTIONS;

  constructor(listener: ConnectionListener<Connection>) {
    this.#listener = listener;
  }

  add(connection: Connection): void {
    this.#open.add(connection);
    if (this.#open.size < this.#sweepAt) return;
    // Where nobody reads the metrics, connections that are gone must not be kept either.
    this.sweep();
    this.#sweepAt = Math.max(MIN_SWEPT_CONNECTIONS, 2 * this.#open.size);
  }

  delete(connection: Connection): void {
    this.#open.delete(connection);
  }

  /** Notes that this process has answered a request to a server. */
  onAnswer(server: Server): void {
    if (server === this.#lastAnswering) return;
    this.#lastAnswering = server;
    this.#answering.add(server);
  }

  /**
   * Whether another process answers on a connection. With the option `keepOpen` of `send`, the socket keeps its handle, and
   * only its server shows that it sends sockets away. A server that has answered something itself may answer this, too.
   */
  isPassedOn(connection: Socket): boolean {
    if (hasLostHandle(connection) && !connection.destroyed) return true;
    const { server } = connection as NodeSocket;
    return server?._usingWorkers === true && !this.#answering.has(server);
  }

  sweep(): void {
    for (const connection of this.#open) {
      guard('find connections that are gone', () => {
        if (connection.destroyed || hasLostHandle(connection)) this.#open.delete(connection);
        if (connection.destroyed) this.#listener.onEnd(connection);
        else if (this.isPassedOn(connection)) this.#listener.onPassed(connection);
      });
    }
  }
}

/** A socket keeps its handle until it is destroyed or sent away. */
const hasLostHandle = (connection: Socket): boolean => (connection as NodeSocket)._handle === null;
