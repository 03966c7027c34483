import { loadBuiltin } from '../../base/builtin.ts';
import type { Handler } from './http-handler.ts';
import { listen } from './listen.ts';

const { createServer } = loadBuiltin<typeof import('node:http')>('node:http');

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
export async function serveMetrics(
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
  const listening = await listen(server, host, port);
  if (listening instanceof Error) return listening;
  return {
    address: `http://${authority(host, listening.port)}`,
    port: listening.port,
    close: () =>
      new Promise<void>((resolve) => {
        server.once('close', resolve);
        listening.close();
        server.closeAllConnections();
      }),
  };
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
