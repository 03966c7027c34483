import type { AnyServer } from './request-record.ts';

// Not imported: see register.ts.
const { subscribe, unsubscribe } = process.getBuiltinModule('node:diagnostics_channel');

/** Published when any server of this process has begun to listen, on every supported Node. */
const LISTENING = 'tracing:net.server.listen:asyncEnd';

/**
 * Tells of each HTTP server that begins to listen. Small and free of imports, because every process with the preload
 * loads it, and most serve nothing.
 * @returns stops telling
 */
export function watchListening(listens: (server: AnyServer) => void): () => void {
  const onListening = (message: unknown): void => {
    const { server } = (message ?? {}) as { server?: unknown };
    if (typeof server === 'object' && server !== null && isHttp(server)) listens(server);
  };
  subscribe(LISTENING, onListening);
  return () => void unsubscribe(LISTENING, onListening);
}

/** By what only HTTP servers have: asking node:http and node:http2 themselves would load them. */
function isHttp(server: AnyServer): boolean {
  return 'headersTimeout' in server || isHttp2(server);
}

export function isHttp2(server: AnyServer): boolean {
  return typeof (server as { updateSettings?: unknown }).updateSettings === 'function';
}
