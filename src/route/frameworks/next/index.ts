import type { AnyServer } from '../../../requests/request-record.ts';
import type { RouteAdapter } from '../../adapter.ts';
import { isNotFound } from '../../early-answer.ts';
import { buildFolderOf, configuredFolder } from './build-folder.ts';
import { type Meta, metaOf, pageOf, pathOf } from './meta.ts';
import { readRoutesManifest } from './routes-manifest.ts';
import { Routing } from './routing.ts';

/** By the folder of the build. One process rarely serves more than one. */
const routings = new Map<string, Routing>();
const MAX_BUILDS = 20;

/** The app that last answered a request of a server. */
const served = new WeakMap<AnyServer, Routing>();

/**
 * Next.js 14 to 16: `next start`, the standalone server, and a custom server. Next keeps its metadata on Node's request,
 * under a symbol that all copies of Next share, so nothing needs to be hooked. What its metadata does not show (the
 * base path, redirects, pages that were not reached) is in the manifest of the build.
 */
export const next: RouteAdapter = {
  name: 'Next.js',

  recogniseRequest: (key) => metaOf(key) !== undefined,

  routeOf(key, status, server) {
    const meta = metaOf(key);
    if (meta === undefined) return undefined;
    const routing = routingOf(meta, server);
    if (served.get(server) !== routing) served.set(server, routing);
    const page = pageOf(meta);
    return page === undefined ? ruleOf(meta, routing, status) : routing.templateOf(page);
  },

  matchRoute: ({ path }, server) => served.get(server)?.find(path),
};

/** What answered instead of a page: a file of the build, or a rule of `next.config.js`. */
function ruleOf(meta: Meta, routing: Routing, status: number): string | undefined {
  const path = pathOf(meta);
  if (path === undefined) return undefined;
  // Next renders a page where it has found nothing itself.
  if (isNotFound(status)) return meta.match ? undefined : routing.externalOf(path);
  const file = routing.staticOf(path);
  // Redirects come before middleware.
  return file === undefined && meta.middlewareInvoke !== true ? routing.redirectOf(path, status) : file;
}

function routingOf(meta: Meta, server: AnyServer): Routing {
  const folder = buildFolderOf(meta);
  if (folder !== undefined) return routingFor(folder);
  const known = meta.relativeProjectDir === undefined ? served.get(server) : undefined;
  return known ?? routingFor(configuredFolder(meta));
}

function routingFor(folder: string): Routing {
  const known = routings.get(folder);
  if (known !== undefined) return known;
  const routing = new Routing(readRoutesManifest(folder) ?? {});
  if (routings.size < MAX_BUILDS) routings.set(folder, routing);
  return routing;
}
