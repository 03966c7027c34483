import type { RequestKey } from '../../requests/request-record.ts';
import type { RouteAdapter } from '../adapter.ts';

/**
 * What Next notes about a request while it handles it.
 * @property match        the page or route handler that is rendered; the error page once that is rendered in its stead
 * @property invokeOutput what the request was first routed to: a page, a route handler, the image optimiser
 * @property initURL      the whole URL as it arrived
 */
interface Meta {
  readonly match?: { readonly definition?: { readonly pathname?: string } };
  readonly invokeOutput?: string;
  readonly initURL?: string;
}

const META = Symbol.for('NextInternalRequestMeta');

/** What Next renders where no page can answer, or one has failed. */
const ERROR_PAGES = new Set(['/_not-found', '/_error', '/404', '/500', '/_global-error']);

/** The files of a build have its hashes in their names. Written as Next writes a route that catches all below it. */
const STATIC = '/_next/static/';
const STATIC_ROUTE = `${STATIC}[...path]`;

/**
 * Next.js 14 to 16: `next start`, the standalone server, and a server of the app's own. Next keeps its notes on Node's
 * request, under a symbol that is the same in all copies of it, so nothing needs to be hooked.
 */
export const next: RouteAdapter = {
  name: 'Next.js',

  recogniseRequest: (carrier) => metaOf(carrier) !== undefined,

  routeOf(carrier, status) {
    const meta = metaOf(carrier);
    if (meta === undefined) return undefined;
    // A page that has failed, or that has found nothing, is still the page that was asked for.
    const route = page(meta.match?.definition?.pathname) ?? page(meta.invokeOutput);
    if (route !== undefined || status === 404) return route;
    return isBelow(STATIC, meta.initURL) ? STATIC_ROUTE : undefined;
  },
};

const metaOf = (carrier: RequestKey): Meta | undefined => (carrier as { [META]?: Meta })[META];

/** Without one, Next writes an empty text too: middleware has answered. */
function page(route: string | undefined): string | undefined {
  return route === undefined || route === '' || ERROR_PAGES.has(route) ? undefined : route;
}

/** Whatever the app's `basePath` is, which no route of Next's has in it either. */
function isBelow(folder: string, url: string | undefined): boolean {
  const at = url?.indexOf(folder) ?? -1;
  const query = url?.indexOf('?') ?? -1;
  return at >= 0 && (query < 0 || at < query);
}
