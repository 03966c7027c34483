import { guard } from '../base/guard.ts';
import type { CallSourceOptions } from './call-source.ts';
import { DATABASE_DRIVERS } from './databases/index.ts';
import { HTTP_SOURCES } from './http-sources.ts';

/**
 * Watches the outgoing calls of this process. A source that fails is left out, and the others go on.
 * @param databases `APM_DATABASES`
 * @returns stops watching
 */
export function watchCalls(options: CallSourceOptions, databases: boolean): () => void {
  const sources = databases ? [...HTTP_SOURCES, ...DATABASE_DRIVERS] : HTTP_SOURCES;
  const stops = sources.map((source) => ({
    name: source.name,
    stop: guard(`watch the calls of ${source.name}`, () => source.watch(options)),
  }));
  return () => {
    for (const { name, stop } of stops) guard(`stop watching the calls of ${name}`, () => stop?.());
  };
}
