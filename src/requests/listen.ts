import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { AnyServer } from './request-record.ts';

/** Published when any server of this process starts to listen, on every supported version of Node. */
const LISTENING_CHANNEL = 'tracing:net.server.listen:asyncEnd';

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

/** Recognised by a property that only HTTP servers have: `instanceof` would load node:http and node:http2. */
function isHttp(server: AnyServer): boolean {
  return 'headersTimeout' in server || isHttp2(server);
}

export function isHttp2(server: AnyServer): boolean {
  return typeof (server as { updateSettings?: unknown }).updateSettings === 'function';
}
