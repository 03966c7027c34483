import { executionAsyncResource } from 'node:async_hooks';
import { internalSymbol } from '../../base/internal-symbol.ts';

export interface PostgresServer {
  readonly host: string;
  readonly port: number | undefined;
}

/** Postgres.js sets host and port as they are configured; over TLS, in the socket below. Other sockets have no `host`. */
interface Socket {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly _parent?: Socket;
}

/** Node's handle of a connection leads to its socket. */
const ownerOf = internalSymbol<object, Socket>('owner_symbol');

/**
 * The server whose answer is being read. Postgres.js ends a query while it reads from its socket, so Node's current resource
 * is the handle of that socket.
 */
export function answeringServer(): PostgresServer | undefined {
  const socket = ownerOf(executionAsyncResource());
  return serverOf(socket?.host, socket?.port) ?? serverOf(socket?._parent?.host, socket?._parent?.port);
}

/** The server that could not be reached. Where several addresses were tried, each has an error of its own. */
export function unreachableServer(error: unknown): PostgresServer | undefined {
  const { errors } = (error ?? {}) as { errors?: unknown };
  const failure = (Array.isArray(errors) ? errors[0] : error) as { address?: unknown; port?: unknown } | undefined;
  return serverOf(first(failure?.address), first(failure?.port));
}

/** Postgres.js has lists of hosts and ports. */
const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);

const serverOf = (host: unknown, port: unknown): PostgresServer | undefined =>
  typeof host === 'string' ? { host, port: typeof port === 'number' ? port : undefined } : undefined;
