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

/** Answered before Next looks for a page. Unless a server is around Next, the label comes from the shape of the path. */
const early: readonly Row[] = [
  ['GET /_next/static/a-build/_buildManifest.js', 200, '/_next/static/[...path]'],
  ['GET /_next/static/a-build/_buildManifest.js?dpl=1', 200, '/_next/static/[...path]'],
  ['GET /robots.txt', 200, '/robots.txt'],
  ['GET /logo.png', 200, '/logo.png'],
  ['GET /old/5', 307, '/old/:id'],
  ['GET /posts/', 308, '/posts'],
  ['GET //posts', 308, '/posts'],
  ['GET /moved/5', 307, '/moved/:id'],
  ['GET /guarded', 401, 'unmatched'],
  ['GET /elsewhere/a', 500, '/elsewhere/a'],
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

/** Requests that Next has no route for get the label of the Express route. */
export const behindExpress: readonly Row[] = [
  ...routed,
  ...early.map(([line, status, label, extras = {}]): Row => {
    const ofNext = String(label).startsWith('/_next');
    return [line, status, ofNext ? label : { '16': '/{*any}', else: '/*' }, extras];
  }),
  ['GET /own/5', 200, '/own/:id'],
];
