import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportFailure } from '../../base/guard.ts';
import type { Handler } from './on-app.ts';

/** A scrape needs one request and few headers; whoever wants more is not a scraper. */
const LIMITS = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  // How late those two may be; by default they are half a minute.
  connectionsCheckingInterval: 1_000,
  // Longer than people let Prometheus wait between two scrapes.
  keepAliveTimeout: 65_000,
};
const MAX_CONNECTIONS = 200;
/** Milliseconds after which a scraper that reads nothing more is left. */
const STALLED = 30_000;

/** A metrics server that listens. */
export interface MetricsServer {
  /** As a URL. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens with a server of our own for the scrape. It keeps no process alive.
 * @param own told of the server before it listens
 * @returns why not, where it cannot listen: the app runs on without
 */
export function serveMetrics(
  handler: Handler,
  host: string,
  port: number,
  own: (server: object) => void,
): Promise<MetricsServer | NodeJS.ErrnoException> {
  const server = createServer(LIMITS, handler);
  own(server);
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = STALLED;
  server.unref();
  server.on('connection', (socket) => socket.unref());
  // Whoever waits between two scrapes makes room for who has come now and will try again.
  server.on('drop', () => server.closeIdleConnections());
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve) => {
    server.on('error', (error: NodeJS.ErrnoException) => {
      // Such as EMFILE: it accepts again once it can.
      if (server.listening) reportFailure('accept a scraper', error);
      else resolve(error);
    });
    // Exclusive: cluster workers would otherwise share one port, and each scrape meet another of them.
    server.listen({ host, port, exclusive: true }, () => resolve({ ...addressOf(server, host), close }));
  });
}

/** For the log. */
export function unableToListen({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EMFILE' || code === 'ENFILE') {
    return `no scrape at ${authority(host, port)}: ${message}; let the app have more open files (ulimit -n)`;
  }
  const reason = code === 'EADDRINUSE' ? 'this port and those after it are in use' : message;
  const way =
    code === 'EADDRINUSE' || code === 'EACCES'
      ? 'set OTEL_EXPORTER_PROMETHEUS_PORT to another port, or 0 for any'
      : 'set OTEL_EXPORTER_PROMETHEUS_HOST to a host of this machine';
  return `no scrape at ${authority(host, port)}: ${reason}; ${way}`;
}

const authority = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

function addressOf(server: Server, host: string): { address: string; port: number } {
  const { port } = server.address() as AddressInfo;
  return { address: `http://${authority(host, port)}`, port };
}
