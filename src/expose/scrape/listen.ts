import type { Server } from 'node:http';
import { type AddressInfo, createServer, type ListenOptions, type Server as NetServer } from 'node:net';
import { reportFailure } from '../../base/guard.ts';

/**
 * The addresses of `localhost`. Programs differ in which one they take, and so do machines in which one comes first: a
 * server on one of them refuses the clients that take the other.
 */
const LOOPBACKS = ['127.0.0.1', '::1'] as const;
/** How often another free port is tried, because the first one is in use on the other loopback address. */
const MAX_FREE_PORTS = 20;

/** A server that listens. */
export interface Listening {
  readonly port: number;
  close(): void;
}

/**
 * Lets an HTTP server listen on a host; on `localhost` at both loopback addresses, on the same port.
 * @param port 0 is any port that is free on each address
 * @returns the error where it cannot listen; a port that is in use on one address is in use
 */
export async function listen(server: Server, host: string, port: number): Promise<Listening | NodeJS.ErrnoException> {
  if (host !== 'localhost') return listenAt(server, host, port);
  let found = await listenOnLoopbacks(server, port);
  for (let i = 0; port === 0 && isInUse(found) && i < MAX_FREE_PORTS; i++)
    found = await listenOnLoopbacks(server, port);
  return found;
}

/** A machine may have only one of the addresses. The order is fixed: of two processes, one gets neither or both. */
async function listenOnLoopbacks(server: Server, port: number): Promise<Listening | NodeJS.ErrnoException> {
  const [first, second] = LOOPBACKS;
  const main = await listenAt(server, first, port);
  if (isInUse(main)) return main;
  if (main instanceof Error) {
    const only = await listenAt(server, second, port);
    return only instanceof Error && !isInUse(only) ? main : only;
  }
  const other = await listenAt(forwardTo(server), second, main.port);
  if (other instanceof Error) {
    if (!isInUse(other)) return main;
    main.close();
    return other;
  }
  return {
    port: main.port,
    close() {
      main.close();
      other.close();
    },
  };
}

/** A server whose connections are those of an HTTP server. */
function forwardTo(server: Server): NetServer {
  const forwarding = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    server.emit('connection', socket),
  );
  forwarding.maxConnections = server.maxConnections;
  forwarding.on('drop', (data) => server.emit('drop', data));
  return forwarding.unref();
}

function listenAt(server: NetServer, host: string, port: number): Promise<Listening | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException) => {
      // Such as EMFILE: the server accepts again once it can.
      if (server.listening) return reportFailure('accept a scraper', error);
      server.off('error', onError);
      resolve(error);
    };
    server.on('error', onError);
    const onListening = () => resolve({ port: (server.address() as AddressInfo).port, close: () => server.close() });
    // Exclusive, because cluster workers would otherwise share one port and each scrape would reach a random worker.
    server.listen({ host, port, exclusive: true } satisfies ListenOptions, onListening);
  });
}

const isInUse = (found: Listening | Error): boolean => (found as NodeJS.ErrnoException).code === 'EADDRINUSE';
