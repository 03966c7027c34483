import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Published by each new Fastify instance before anything is registered on it, since Fastify 3. */
const CREATED = 'fastify.initialization';

/**
 * Reports each Fastify instance that is created. This file is small and imports nothing of ours, because every process
 * with the preload loads it: an app is often created long before it listens.
 * @returns stops reporting
 */
export function watchFastifyCreated(created: (message: unknown) => void): () => void {
  const onCreated = (message: unknown) => created(message);
  subscribe(CREATED, onCreated);
  return () => void unsubscribe(CREATED, onCreated);
}
