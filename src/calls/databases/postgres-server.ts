import { executionAsyncResource } from 'node:async_hooks';
import { internalSymbol } from '../../base/internal-symbol.ts';

export interface PostgresServer {
  readonly host: string;
  readonly port: number | undefined;
}

/**
 * @property host    set by newer versions of Postgres.js, as it is configured, with `port`
 * @property _host   set by Node, if it is a name
 * @property _parent below a socket that speaks TLS
 */
interface Socket {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly _host?: unknown;
  readonly remoteAddress?: unknown;
  readonly remotePort?: unknown;
  readonly _parent?: Socket;
  listeners(event: 'close'): readonly { readonly name: string }[];
}

/** Node's handle of a connection leads to its socket. */
const ownerOf = internalSymbol<object, Socket>('owner_symbol');

/**
 * The server whose answer is being read. Postgres.js ends a query while it reads from its socket, so Node's current resource
 * is the handle of that socket.
 */
export function answeringServer(): PostgresServer | undefined {
  const socket = ownerOf(executionAsyncResource());
  if (socket === undefined) return undefined;
  const { host, port, _host, remoteAddress, remotePort } = socket._parent ?? socket;
  if (host !== undefined) return serverOf(host, port);
  return isOfPostgres(socket) ? serverOf(_host ?? remoteAddress, remotePort) : undefined;
}

/** A query that is refused at once ends while another socket is read, such as that of the app's request. */
const isOfPostgres = (socket: Socket): boolean => socket.listeners('close').some(({ name }) => name === 'closed');

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
