import type { RequestKey } from '../../../requests/request-record.ts';
import { UnexpectedInternals } from '../../adapter-failure.ts';

/** A page, a route handler or an API route. */
interface Definition {
  readonly pathname?: string;
  readonly filename?: string;
  readonly bundlePath?: string;
}

/**
 * What Next keeps about a request while it handles it.
 * @property match              the page or route handler that is rendered; the error page once that is rendered instead
 * @property invokeOutput       where the request was first routed to: a page, a route handler, the image optimiser
 * @property middlewareInvoke   whether middleware ran, and no page after it
 * @property initURL            the whole URL as it arrived; missing where Next answered before any routing
 * @property distDir            the folder of the build, absolute, once a page is rendered (Next 15)
 * @property relativeProjectDir the folder of the app, relative to the working directory (Next 15)
 */
export interface Meta {
  readonly match?: { readonly definition?: Definition } | null;
  readonly invokeOutput?: string;
  readonly middlewareInvoke?: boolean;
  readonly initURL?: string;
  readonly distDir?: string;
  readonly relativeProjectDir?: string;
}

const META = Symbol.for('NextInternalRequestMeta');

/** What Next renders when no page can answer, or when one has failed. */
const ERROR_PAGES = new Set(['/_not-found', '/_error', '/404', '/500', '/_global-error']);

export const isErrorPage = (page: string): boolean => ERROR_PAGES.has(page);

export const metaOf = (key: RequestKey): Meta | undefined => (key as { [META]?: Meta })[META];

/** The page that answered. A page that failed, or found nothing, is still the page that was requested. */
export const pageOf = (meta: Meta): string | undefined => page(matchedPath(meta)) ?? page(meta.invokeOutput);

function matchedPath({ match }: Meta): string | undefined {
  if (match === undefined || match === null) return undefined;
  const pathname = match.definition?.pathname;
  if (pathname === undefined) throw new UnexpectedInternals('its matches have no `definition.pathname`');
  return pathname;
}

/** An empty text means no page: middleware has answered. */
const page = (route: string | undefined): string | undefined =>
  route === undefined || route === '' || isErrorPage(route) ? undefined : route;

/** The path of the URL as it arrived. Next puts an origin before it where it knows its port. */
export function pathOf({ initURL }: Meta): string | undefined {
  if (initURL === undefined) return undefined;
  const start = initURL.startsWith('/') ? 0 : initURL.indexOf('/', initURL.indexOf('://') + 3);
  const query = initURL.indexOf('?');
  return start < 0 ? '/' : initURL.slice(start, query < 0 ? undefined : query);
}
