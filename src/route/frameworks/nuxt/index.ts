import type { AnyServer, RequestKey } from '../../../requests/request-record.ts';
import { guardAdapter, HiddenRoutes, reportAdapterFailure } from '../../adapter-failure.ts';
import { ownValue } from '../../own-property.ts';
import { MAX_PATH_CHARS } from '../../path-cache.ts';
import { type NodeRequest, RequestSlot } from '../../request-slot.ts';
import { templateBelow } from '../../template.ts';
import { PageTable, readPages } from './page-table.ts';
import { type RenderedApp, watchNextApp } from './vue-instances.ts';

/**
 * @property base  before the paths of all pages: `app.baseURL` without its last slash
 */
interface Pages {
  readonly table: PageTable;
  readonly base: string;
}

/** The data of a page that is cached. */
const PAYLOAD = /\/_payload\.(?:json|js)$/;

/** On the request that was rendered first: the pages of its app. */
const rendered = new RequestSlot<Pages>('Nuxt');
const served = new WeakMap<AnyServer, Pages>();

/** Where the first pages are not rendered on the server, probably none is. */
const MAX_UNRENDERED = 10;
const unrendered = new WeakMap<AnyServer, number>();
/** A function that the server of each Nuxt app leaves in the global scope. */
const OF_NUXT = '__buildAssetsURL';

const watch = (): void => watchNextApp((app) => guardAdapter('Nuxt', () => notePages(app)));

let isShown = false;

/**
 * Nuxt 3 and 4 answer every page in one route of h3: `/**`. The pages are in the table of vue-router, which belongs to
 * the app that Nuxt creates for a request. The first app that is rendered shows it.
 */
export function watchFirstPage(): void {
  if (!isShown) watch();
}

function notePages({ router, nuxt }: RenderedApp): void {
  const context = ownValue(nuxt, 'ssrContext');
  const request = ownValue(ownValue(ownValue(context, 'event'), 'node'), 'req') as NodeRequest | undefined;
  if (request === undefined) return;
  const baseURL = ownValue(ownValue(ownValue(context, 'runtimeConfig'), 'app'), 'baseURL');
  const base = typeof baseURL === 'string' ? baseURL.replace(/\/$/, '') : '';
  // An app without `pages/` has no router.
  const table = router === undefined ? new PageTable([]) : readPages(router);
  rendered.set(request, { table, base });
}

/**
 * Remembers the pages that a request has shown.
 * @param isContent  whether the request was answered with a page that was not cached
 */
export function learnPages(key: RequestKey, server: AnyServer, isContent: boolean): void {
  if (served.has(server)) return;
  const pages = rendered.get(key);
  if (pages !== undefined) {
    served.set(server, pages);
    isShown = true;
    return;
  }
  watch();
  if (!isContent || typeof ownValue(globalThis, OF_NUXT) !== 'function') return;
  const count = (unrendered.get(server) ?? 0) + 1;
  unrendered.set(server, count);
  if (count >= MAX_UNRENDERED) reportAdapterFailure('Nuxt', new HiddenRoutes(NOT_RENDERED));
}

const NOT_RENDERED = `none of its first ${MAX_UNRENDERED} pages was rendered on the server (\`ssr: false\`) by Vue 3.3 or later`;

/**
 * The template of the page at the path of a request target.
 * @returns undefined where there is none, or nothing was rendered yet
 */
export function pageAt(target: string, server: AnyServer): string | undefined {
  const pages = served.get(server);
  if (pages === undefined || !target.startsWith(pages.base)) return undefined;
  const query = target.indexOf('?', pages.base.length);
  const path = target.slice(pages.base.length, query < 0 ? undefined : query);
  if (path.length > MAX_PATH_CHARS) return undefined;
  const page = pages.table.find(path.replace(PAYLOAD, '') || '/', target);
  return page && templateBelow(pages.base, page);
}
