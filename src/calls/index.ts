import { guard } from '../base/guard.ts';
import type { CallSource, CallSourceOptions } from './call-source.ts';

/** Clients of HTTP, one row each. */
const HTTP_CLIENTS: readonly CallSource[] = [];
/** Drivers of databases and caches. */
const DATABASE_DRIVERS: readonly CallSource[] = [];

/**
 * Watches the outgoing calls of this process. A source that fails is left out, and the others go on.
 * @param databases `APM_DATABASES`
 * @returns stops watching
 */
export function watchCalls(options: CallSourceOptions, databases: boolean): () => void {
  const sources = databases ? [...HTTP_CLIENTS, ...DATABASE_DRIVERS] : HTTP_CLIENTS;
  const stops = sources.map((source) => ({
    name: source.name,
    stop: guard(`watch the calls of ${source.name}`, () => source.watch(options)),
  }));
  return () => {
    for (const { name, stop } of stops) guard(`stop watching the calls of ${name}`, () => stop?.());
  };
}
