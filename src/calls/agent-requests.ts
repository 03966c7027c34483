import type { Agent, ClientRequest } from 'node:http';
import { loadBuiltin } from '../base/builtin.ts';

/** What Node passes to an agent. The defaults are filled in. */
export interface AgentOptions {
  readonly host?: string;
  readonly port?: number | string;
}
type AddRequest = (this: Agent, request: ClientRequest, options: AgentOptions, ...legacy: unknown[]) => void;

/**
 * Watches the requests that an agent gets, at the moment when the app makes them. For versions of Node whose channels do not
 * publish that moment, or not the port. A method of the prototype is wrapped, because every client and every import of
 * `node:http` uses it, whenever it was imported.
 * @param onRequest must not throw
 * @returns stops watching, and restores the method unless other code has wrapped it since
 */
export function watchAgents(onRequest: (request: ClientRequest, options: AgentOptions) => void): () => void {
  const { prototype } = loadBuiltin<typeof import('node:http')>('node:http').Agent as unknown as {
    prototype: { addRequest?: AddRequest };
  };
  const original = prototype.addRequest;
  if (typeof original !== 'function') return () => {};
  let isWatching = true;
  const addRequest: AddRequest = function (request, options, ...legacy) {
    original.call(this, request, options, ...legacy);
    if (isWatching) onRequest(request, options);
  };
  prototype.addRequest = addRequest;
  return () => {
    isWatching = false;
    if (prototype.addRequest === addRequest) prototype.addRequest = original;
  };
}
