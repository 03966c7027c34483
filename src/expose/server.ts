import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { log } from '../config/log.ts';
import type { Handler } from './on-app.ts';

/** A scrape needs one request and few headers; whoever wants more is not a scraper. */
const LIMITS = { maxHeaderSize: 8 * 1024, headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 65_000 };
const MAX_CONNECTIONS = 200;
/** Milliseconds after which a scraper that reads nothing more is left. */
const STALLED = 30_000;

export interface MetricsServer {
  /** Resolves to its address, or to undefined when it could not listen. */
  readonly listening: Promise<string | undefined>;
  close(): Promise<void>;
}

/**
 * A server of our own for the scrape. It keeps no process alive, and when it cannot listen the app runs on without.
 * @param own told of the server before it listens
 */
export function serveMetrics(
  handler: Handler,
  host: string,
  port: number,
  own: (server: object) => void,
): MetricsServer {
  const server = createServer(LIMITS, handler);
  own(server);
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = STALLED;
  server.unref();
  server.on('connection', (socket) => socket.unref());
  const listening = new Promise<string | undefined>((resolve) => {
    server.on('error', (error: NodeJS.ErrnoException) => {
      log.warn(unableToListen(error, host, port));
      resolve(undefined);
    });
    // Exclusive: cluster workers would otherwise share one port, and each scrape meet another of them.
    server.listen({ host, port, exclusive: true }, () => resolve(addressOf(server, host)));
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { listening, close };
}

function unableToListen({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  const reason = code === 'EADDRINUSE' ? 'the port is in use' : message;
  const way =
    code === 'EADDRINUSE' || code === 'EACCES'
      ? 'set OTEL_EXPORTER_PROMETHEUS_PORT to another port, or 0 for any'
      : 'set OTEL_EXPORTER_PROMETHEUS_HOST to a host of this machine';
  return `no scrape at ${authority(host, port)}: ${reason}; ${way}`;
}

const authority = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${authority(host, port)}`;
}
