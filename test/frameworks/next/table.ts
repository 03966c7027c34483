import type { Framework, Row } from '../framework.ts';

const rsc = { headers: { rsc: '1' } };
/** Next 16 redirects a request for a page's data without its hash to the URL with the hash. */
const rscStatus = { '16': 307, else: 200 };

/** Pages and route handlers of the app, or parts of Next itself, answer these. */
const routed: readonly Row[] = [
  // App router.
  ['GET /', 200, '/'],
  ['GET /?a=b', 200, '/'],
  ['GET /items/1', 200, '/items/[id]'],
  ['GET /items/a%20b', 200, '/items/[id]'],
  ['HEAD /items/1', 200, '/items/[id]'],
  ['POST /items/1', 200, '/items/[id]'],
  ['GET /items/gone', 404, '/items/[id]'],
  ['GET /items/broken', 500, '/items/[id]'],
  ['GET /cart', 200, '/cart'],
  ['GET /docs/a/b', 200, '/docs/[...all]'],
  ['GET /wiki', 200, '/wiki/[[...all]]'],
  ['GET /wiki/a/b', 200, '/wiki/[[...all]]'],
  ['GET /isr/first', 200, '/isr/[slug]'],
  ['GET /isr/second', 200, '/isr/[slug]'],
  ['GET /sitemap.xml', 200, '/sitemap.xml'],
  ['GET /api/orders/1', 200, '/api/orders/[id]'],
  ['POST /api/orders/1', 201, '/api/orders/[id]'],
  ['DELETE /api/orders/1', 405, '/api/orders/[id]'],
  ['OPTIONS /api/orders/1', 204, '/api/orders/[id]'],
  ['GET /api/orders/none', 404, '/api/orders/[id]'],
  ['GET /api/orders/broken', 500, '/api/orders/[id]'],

  // Pages router.
  ['GET /legacy/1', 200, '/legacy/[id]'],
  ['GET /legacy/gone', 404, '/legacy/[id]'],
  ['GET /legacy/moved', 307, '/legacy/[id]'],
  ['GET /legacy/broken', 500, '/legacy/[id]'],
  ['GET /posts', 200, '/posts'],
  ['HEAD /posts', 200, '/posts'],
  ['POST /posts', 405, '/posts'],
  ['GET /about', 200, '/about'],
  ['GET /api/users/1', 200, '/api/users/[id]'],
  ['GET /api/users/none', 404, '/api/users/[id]'],
  ['GET /api/users/broken', 500, '/api/users/[id]'],
  ['GET /api/files/a/b', 200, '/api/files/[...all]'],

  // Next's code in the browser sends these.
  ['GET /_next/data/a-build/legacy/1.json', 200, '/legacy/[id]'],
  ['GET /_next/data/a-build/posts.json', 200, '/posts'],
  ['GET /items/1?_rsc=abc', rscStatus, '/items/[id]', rsc],
  ['GET /cart?_rsc=abc', rscStatus, '/cart', { headers: { ...rsc.headers, 'next-router-prefetch': '1' } }],
  ['GET /isr/first?_rsc=abc', rscStatus, '/isr/[slug]', rsc],
  ['GET /_next/image?url=%2Flogo.png&w=64&q=75', 200, '/_next/image'],
  ['GET /_next/image', 400, '/_next/image'],

  // Rewritten to another path of the app.
  ['GET /rewritten/5', 200, '/items/[id]'],
  ['GET /aliases/x', 200, '/items/[id]'],

  // No route answers these.
  ['GET /nowhere', 404, 'unmatched'],
  ['GET /docs', 404, 'unmatched'],
  ['GET /cart.rsc', 404, 'unmatched'],
  ['GET /_not-found', 404, 'unmatched'],
  ['GET /_error', 404, 'unmatched'],
  ['GET /404', 404, 'unmatched'],
  ['GET /500', 404, 'unmatched'],
  ['GET /_next/nowhere', 404, 'unmatched'],
  ['GET /_next/static/nowhere.js', 404, 'unmatched'],
  ['GET /_next/data/a-build/nowhere.json', 404, 'unmatched'],
  ['GET /_next/data/an-old-build/posts.json', 404, 'unmatched'],
];

/** Answered before Next looks for a page. */
const early: readonly Row[] = [
  ['GET /_next/static/a-build/_buildManifest.js', 200, '/_next/static/[...path]'],
  ['GET /_next/static/a-build/_buildManifest.js?dpl=1', 200, '/_next/static/[...path]'],
  ['GET /robots.txt', 200, '/robots.txt'],
  ['GET /logo.png', 200, '/logo.png'],
  // By rules of next.config.mjs, or of Next itself.
  ['GET /old/5', 307, '/old/:id'],
  ['GET /old/a', 307, '/old/:id'],
  ['GET /posts/', 308, '/posts'],
  ['GET //items//a', 308, '/items/[id]'],
  // By middleware.
  ['GET /moved/5', 307, 'unmatched'],
  ['GET /items/a', 401, '/items/[id]', { headers: { 'x-answer': '401' } }],
  ['GET /items/b', 503, '/items/[id]', { headers: { 'x-answer': '503' } }],
  ['GET /items/c', 304, '/items/[id]', { headers: { 'x-answer': '304' } }],
  ['POST /items/d', 429, '/items/[id]', { headers: { 'x-answer': '429' } }],
  ['GET /guarded', 401, 'unmatched'],
  ['GET /elsewhere/a', 500, '/elsewhere/:path*'],
];

const answered = (status: number) => ({ headers: { 'x-answer': String(status) } });
const cached = { '14': 404, else: 200 };

/** An app with `basePath`, `i18n`, `trailingSlash` and `assetPrefix`. Its pages have the base path, and no locale. */
export const based: readonly Row[] = [
  // Nothing but the default page is known of the app when these arrive first.
  ['GET /shop', 308, '/shop'],
  ['GET /shop/items/early/', 401, '/shop/items/[id]', answered(401)],
  ['GET /shop/', 200, '/shop'],
  ['GET /shop/', 307, '/shop', { headers: { 'accept-language': 'fr' } }],
  ['GET /shop/items/1/', 200, '/shop/items/[id]'],
  ['GET /shop/items/gone/', 404, '/shop/items/[id]'],
  ['GET /shop/items/a', 308, '/shop/items/[id]'],
  ['GET /shop//items//a/', 308, '/shop/items/[id]'],
  ['GET /shop/api/orders/1/', 200, '/shop/api/orders/[id]'],
  ['GET /shop/api/users/1/', 200, '/shop/api/users/[id]'],
  ['GET /shop/legacy/1/', 200, '/shop/legacy/[id]'],
  ['GET /shop/fr/legacy/1/', 200, '/shop/legacy/[id]'],
  ['GET /shop/fr/legacy/a', 308, '/shop/legacy/[id]'],
  ['GET /shop/about/', 200, '/shop/about'],
  ['GET /shop/fr/about/', 200, '/shop/about'],
  ['GET /shop/_next/data/a-build/en/legacy/1.json', 200, '/shop/legacy/[id]'],
  ['GET /shop/_next/data/a-build/fr/about.json', 200, '/shop/about'],
  ['GET /shop/_next/static/a-build/_buildManifest.js', 200, '/shop/_next/static/[...path]'],
  [
    'GET /cdn/_next/static/a-build/_buildManifest.js',
    cached,
    { '14': 'unmatched', else: '/shop/_next/static/[...path]' },
  ],
  ['GET /shop/_next/image/?url=%2Fshop%2Flogo.png&w=64&q=75', 200, '/shop/_next/image'],
  ['GET /shop/robots.txt', 200, '/shop/robots.txt'],

  // Rules of next.config.mjs.
  ['GET /shop/old/5/', 307, '/shop/old/:id'],
  ['GET /shop/fr/old/a/', 307, '/shop/old/:id'],
  ['GET /bare/12/', 308, '/bare/:id([0-9]{1,3})'],
  ['GET /shop/gone/a/b/', 301, '/shop/gone/:rest*'],
  ['GET /shop/conditional/', 307, '/shop/conditional', { headers: { 'x-condition': '1' } }],
  ['GET /shop/rewritten/5/', 200, '/shop/items/[id]'],
  ['GET /shop/elsewhere/a/', 500, '/shop/elsewhere/:id'],
  ['GET /away/a/b/', 500, '/away/:path*'],

  // Middleware answers instead of what these paths lead to.
  ['GET /shop/items/a/', 503, '/shop/items/[id]', answered(503)],
  ['GET /shop/items/b/', 304, '/shop/items/[id]', answered(304)],
  ['POST /shop/api/users/a/', 429, '/shop/api/users/[id]', answered(429)],
  ['GET /shop/fr/legacy/a/', 401, '/shop/legacy/[id]', answered(401)],
  ['GET /shop/rewritten/a/', 401, '/shop/items/[id]', answered(401)],
  ['GET /shop/nowhere/a/', 401, 'unmatched', answered(401)],

  // No route answers these.
  ['GET /', 404, 'unmatched'],
  ['GET /items/1/', 404, 'unmatched'],
  ['GET /shop/nowhere/', 404, 'unmatched'],
  ['GET /shop/conditional/', 404, 'unmatched'],
  ['GET /bare/abcd/', 404, 'unmatched'],
  ['GET /shop/_next/static/nowhere.js', 404, 'unmatched'],
];

/** One app, which is built once for each version and served in several ways. */
export default {
  name: 'Next.js',
  versions: {
    // Express 4, because their API routes set a property that is only a getter in Express 5.
    '14': { packages: { next: '14.2.35', react: '18.3.1', 'react-dom': '18.3.1', express: '4.22.3' } },
    '15': { packages: { next: '15.5.29', react: '19.3.1', 'react-dom': '19.3.1', express: '4.22.3' } },
    '16': { packages: { next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1', express: '5.3.0' } },
  },
  requests: [...routed, ...early],
} satisfies Framework;

/** The app's own server is around Next, and answers some requests itself. */
export const custom: readonly Row[] = [
  ...routed,
  ...early,
  ['GET /own', 200, '/own'],
  ['GET /rendered/1', 200, '/legacy/[id]'],
];

/** What Next's middleware answered for a path without a page has the label of the Express route. */
export const behindExpress: readonly Row[] = [
  ...routed,
  ...early.map(([line, status, label, extras = {}]): Row => {
    return [line, status, label === 'unmatched' ? { '16': '/{*any}', else: '/*' } : label, extras];
  }),
  ['GET /own/5', 200, '/own/:id'],
];
