import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportFailure } from '../../base/guard.ts';
import type { Handler } from './http-handler.ts';

/** A scrape is one request with few headers, so a client that needs more is no scraper. */
const LIMITS = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  // How late those two may be; Node's default is half a minute.
  connectionsCheckingInterval: 1_000,
  // Longer than the usual scrape intervals.
  keepAliveTimeout: 65_000,
};
const MAX_CONNECTIONS = 200;
/** A client that reads nothing for this long is disconnected. */
const STALLED_TIMEOUT_MS = 30_000;

/** A metrics server that listens. */
export interface MetricsServer {
  /** As a URL. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts the metrics server. It keeps no process alive.
 * @param onCreated receives the server before it listens
 * @returns the error where it cannot listen; the app is not affected
 */
export function serveMetrics(
  handler: Handler,
  host: string,
  port: number,
  onCreated: (server: object) => void,
): Promise<MetricsServer | NodeJS.ErrnoException> {
  const server = createServer(LIMITS, handler);
  onCreated(server);
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = STALLED_TIMEOUT_MS;
  server.unref();
  server.on('connection', (socket) => socket.unref());
  // Idle clients make room for the client that was refused, which will try again.
  server.on('drop', () => server.closeIdleConnections());
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve) => {
    server.on('error', (error: NodeJS.ErrnoException) => {
      // Such as EMFILE: the server accepts again once it can.
      if (server.listening) reportFailure('accept a scraper', error);
      else resolve(error);
    });
    // Exclusive, because cluster workers would otherwise share one port and each scrape would reach a random worker.
    server.listen({ host, port, exclusive: true }, () => resolve({ ...addressOf(server, host), close }));
  });
}

/** A log line that says why the metrics server cannot listen and what to do. */
export function listenFailure({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EMFILE' || code === 'ENFILE') {
    return `no scrape at ${authority(host, port)}: ${message}; allow the app more open files (ulimit -n)`;
  }
  const reason = code === 'EADDRINUSE' ? 'this port and the ports after it are in use' : message;
  const remedy =
    code === 'EADDRINUSE' || code === 'EACCES'
      ? 'set OTEL_EXPORTER_PROMETHEUS_PORT to another port, or to 0 for any free one'
      : 'set OTEL_EXPORTER_PROMETHEUS_HOST to a host of this machine';
  return `no scrape at ${authority(host, port)}: ${reason}; ${remedy}`;
}

const authority = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

function addressOf(server: Server, host: string): { address: string; port: number } {
  const { port } = server.address() as AddressInfo;
  return { address: `http://${authority(host, port)}`, port };
}
