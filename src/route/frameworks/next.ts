import type { RequestKey } from '../../requests/request-record.ts';
import type { RouteAdapter } from '../adapter.ts';
import { UnexpectedInternals } from '../adapter-failure.ts';

/**
 * What Next keeps about a request while it handles it.
 * @property match        the page or route handler that is rendered; the error page once that is rendered instead
 * @property invokeOutput where the request was first routed to: a page, a route handler, the image optimiser
 * @property initURL      the whole URL as it arrived
 */
interface Meta {
  readonly match?: { readonly definition?: { readonly pathname?: string } } | null;
  readonly invokeOutput?: string;
  readonly initURL?: string;
}

const META = Symbol.for('NextInternalRequestMeta');

/** What Next renders when no page can answer, or when one has failed. */
const ERROR_PAGES = new Set(['/_not-found', '/_error', '/404', '/500', '/_global-error']);

/** The files of a build have hashes in their names. The template is written as Next writes a catch-all route. */
const STATIC = '/_next/static/';
const STATIC_ROUTE = `${STATIC}[...path]`;

/**
 * Next.js 14 to 16: `next start`, the standalone server, and a custom server. Next keeps its metadata on Node's request,
 * under a symbol that all copies of Next share, so nothing needs to be hooked.
 */
export const next: RouteAdapter = {
  name: 'Next.js',

  recogniseRequest: (key) => metaOf(key) !== undefined,

  routeOf(key, status) {
    const meta = metaOf(key);
    if (meta === undefined) return undefined;
    // A page that failed, or found nothing, is still the page that was requested.
    const route = page(matchedPath(meta)) ?? page(meta.invokeOutput);
    if (route !== undefined || status === 404) return route;
    return isBelow(STATIC, meta.initURL) ? STATIC_ROUTE : undefined;
  },
};

const metaOf = (key: RequestKey): Meta | undefined => (key as { [META]?: Meta })[META];

function matchedPath({ match }: Meta): string | undefined {
  if (match === undefined || match === null) return undefined;
  const pathname = match.definition?.pathname;
  if (pathname === undefined) throw new UnexpectedInternals('its matches have no `definition.pathname`');
  return pathname;
}

/** An empty text means no page: middleware has answered. */
function page(route: string | undefined): string | undefined {
  return route === undefined || route === '' || ERROR_PAGES.has(route) ? undefined : route;
}

/** With or without the `basePath` of the app, which is not in Next's routes either. */
function isBelow(folder: string, url: string | undefined): boolean {
  const at = url?.indexOf(folder) ?? -1;
  const query = url?.indexOf('?') ?? -1;
  return at >= 0 && (query < 0 || at < query);
}
