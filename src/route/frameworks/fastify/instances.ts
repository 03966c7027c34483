// Not imported: see register.ts.
const { subscribe, unsubscribe } = process.getBuiltinModule('node:diagnostics_channel');

/** Published by each new Fastify instance, before anything is registered on it; from Fastify 3 on. */
const CREATED = 'fastify.initialization';

/**
 * Tells of each Fastify instance that is made. Small and with nothing of ours to load, because every process with the
 * preload has it: an app is often made long before it listens.
 * @returns stops telling
 */
export function watchFastifyCreated(created: (message: unknown) => void): () => void {
  const onCreated = (message: unknown) => created(message);
  subscribe(CREATED, onCreated);
  return () => void unsubscribe(CREATED, onCreated);
}
