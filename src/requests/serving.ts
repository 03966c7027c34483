import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders } from 'node:http2';
import type { AnyServer } from './request-record.ts';

/** Published when any server of this process starts to listen, on every supported version of Node. */
const LISTENING_CHANNEL = 'tracing:net.server.listen:asyncEnd';
/** Published before the `request` listeners run. Not for malformed requests, upgrades with a listener, and CONNECT. */
export const HTTP1_ARRIVAL_CHANNEL = 'http.server.request.start';
/** Published for each stream that a server starts to answer, pushed ones included. From Node 22.17 and 24.2. */
export const HTTP2_ARRIVAL_CHANNEL = 'http2.server.stream.start';

/** What Node publishes when a request arrives. */
export type ArrivalMessage =
  | { readonly request: object; readonly response: object; readonly socket: object; readonly server: AnyServer }
  | { readonly stream: object; readonly headers: IncomingHttpHeaders };

export interface ServingListener {
  /** A server starts to listen. */
  serverListens(server: AnyServer): void;
  /** A request arrives, perhaps on a server that never listens, because other code passes connections to it. */
  requestArrives(message: ArrivalMessage): void;
}

/**
 * Calls back for each HTTP server that starts to listen. This file is small and imports nothing, because every process
 * with the preload loads it, and most of them serve nothing.
 * @returns stops watching
 */
export function watchListening(onServer: (server: AnyServer) => void): () => void {
  const onListening = (message: unknown): void => {
    const { server } = (message ?? {}) as { server?: unknown };
    if (typeof server === 'object' && server !== null && isHttp(server)) onServer(server);
  };
  subscribe(LISTENING_CHANNEL, onListening);
  return () => void unsubscribe(LISTENING_CHANNEL, onListening);
}

/** Calls back once, when this process begins to serve HTTP. @returns stops watching */
export function watchServing(listener: ServingListener): () => void {
  let isServing = false;
  const stop = () => {
    if (isServing) return;
    isServing = true;
    // Later, because some versions of Node skip the next subscriber when one unsubscribes while a message is published.
    process.nextTick(() => {
      stopListening();
      for (const channel of ARRIVAL_CHANNELS) unsubscribe(channel, onArrival);
    });
  };
  const onArrival = (message: unknown): void => {
    if (isServing) return;
    stop();
    listener.requestArrives(message as ArrivalMessage);
  };
  const stopListening = watchListening((server) => {
    if (isServing) return;
    stop();
    listener.serverListens(server);
  });
  for (const channel of ARRIVAL_CHANNELS) subscribe(channel, onArrival);
  return stop;
}

const ARRIVAL_CHANNELS = [HTTP1_ARRIVAL_CHANNEL, HTTP2_ARRIVAL_CHANNEL];

/** Recognised by a property that only HTTP servers have: `instanceof` would load node:http and node:http2. */
function isHttp(server: AnyServer): boolean {
  return 'headersTimeout' in server || isHttp2(server);
}

export function isHttp2(server: AnyServer): boolean {
  return typeof (server as { updateSettings?: unknown }).updateSettings === 'function';
}
