import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** Sent by Prometheus, and by what scrapes as it does: the Collector's receiver, Grafana Alloy, vmagent. */
const SCRAPER_HEADER = 'x-prometheus-scrape-timeout-seconds';
const MAX_CLIENTS = 64;
const MAX_CONNECTIONS = 8;

/** The connections of each client, by address and program. A scraper keeps its connection between two scrapes. */
const connections = new Map<string, (WeakRef<Socket> | undefined)[]>();

/**
 * Names the scraper that sends a request; undefined for any other client. Two scrapers at one address, such as behind a
 * proxy, differ by their open connections, and one that connects again takes the number of its closed connection.
 */
export function identifyScraper(request: IncomingMessage): string | undefined {
  const { headers } = request;
  if (!(SCRAPER_HEADER in headers)) return undefined;
  // A web `Request` has no connection.
  const socket: Socket | undefined = request.socket;
  const client = `${socket?.remoteAddress ?? 'web'} ${headers['user-agent']}`.slice(0, 200);
  if (socket === undefined) return `${client} 0`;
  let known = connections.get(client);
  if (known === undefined) {
    const [oldest] = connections.keys();
    if (connections.size >= MAX_CLIENTS && oldest !== undefined) connections.delete(oldest);
    known = [];
    connections.set(client, known);
  }
  let number = known.findIndex((each) => each?.deref() === socket);
  if (number < 0) number = known.findIndex((each) => each?.deref()?.destroyed !== false);
  if (number < 0) number = Math.min(known.length, MAX_CONNECTIONS);
  known[number] = new WeakRef(socket);
  return `${client} ${number}`;
}
