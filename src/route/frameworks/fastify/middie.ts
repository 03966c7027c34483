import { ownValue, symbolNamed } from '../../own-property.ts';

/** The instances of Fastify, by their servers. */
const instances = new WeakMap<object, object>();

export const isFastifyServer = (server: unknown): boolean => instances.has(server as object);

export const rememberInstance = (server: object, fastify: object): void => void instances.set(server, fastify);

/** Where `@fastify/middie` has mounted the handlers of an app, in lower case, with the names of parameters. */
export function middieMountsOf(server: object): string[] {
  const fastify = instances.get(server);
  const symbol = fastify && symbolNamed(fastify, 'fastify-middie-middlewares');
  const mounts = symbol && ownValue(fastify, symbol);
  if (!Array.isArray(mounts)) return [];
  return mounts.flatMap(([path]) => (typeof path === 'string' ? path.toLowerCase() : []));
}
