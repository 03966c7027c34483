import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Method } from './databases/patches.ts';

/**
 * Lets a callback run in the context of the request that is being handled now. Clients with a pool run it in the context in
 * which the connection was opened, or given back by another request.
 * @param contexts undefined where requests are not told apart
 */
export function bindCallback<T extends Method>(contexts: AsyncLocalStorage<unknown> | undefined, callback: T): T {
  if (contexts === undefined) return callback;
  const context = contexts.getStore();
  const bound: Method = function (...args) {
    return contexts.run(context, () => Reflect.apply(callback, this, args));
  };
  return bound as T;
}
