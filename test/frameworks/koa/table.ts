import type { Framework } from '../framework.ts';

const mount = { 'koa-mount': '4.2.0' };

/** Below a prefix with a parameter, router 14 does not call the middleware of a router. */
const refused = { '2 with koa-router 14': 200, '3 with @koa/router 14': 200, else: 403 };

/** How the versions write a rest of the path. */
const kept = {
  '3 with @koa/router 14': '/kept/*rest',
  '3 with @koa/router 15': '/kept/*rest',
  '2 with koa-router 14': '/kept/*rest',
  else: '/kept/(.*)',
};

export default {
  name: 'Koa',
  versions: {
    '2 with @koa/router 12': { packages: { koa: '2.16.4', '@koa/router': '12.0.2', ...mount } },
    '2 with koa-router 12': { packages: { koa: '2.16.4', '@koa/router': 'npm:koa-router@12.0.1', ...mount } },
    '2 with koa-router 14': { packages: { koa: '2.16.4', '@koa/router': 'npm:koa-router@14.0.0', ...mount } },
    '3 with @koa/router 13': { packages: { koa: '3.3.0', '@koa/router': '13.1.1', ...mount } },
    '3 with @koa/router 14': { packages: { koa: '3.3.0', '@koa/router': '14.0.0', ...mount } },
    '3 with @koa/router 15': { packages: { koa: '3.3.0', '@koa/router': '15.7.0', ...mount } },
  },
  requests: [
    ['GET /api/users/ann', 200, '/api/users/:id'],
    ['HEAD /api/users/ann', 200, '/api/users/:id'],
    ['GET /api/users/a%2Fb?c=/d', 200, '/api/users/:id'],
    ['GET /api/named/x', 200, '/api/named/:id'],
    ['PUT /api/any/x', 200, '/api/any/:thing'],
    ['GET /rx/12', 200, '^\\/rx\\/(\\d+)$'],
    ['GET /one', 200, '/one'],
    ['GET /two/x', 200, '/two/:x'],

    // Nested and mounted routers, and middleware that calls next().
    ['GET /api/deep/x/leaf/y', 200, '/api/deep/:level/leaf/:leaf'],
    ['GET /outer/inner/item/inner', 200, '/outer/inner/item/:id'],
    ['GET /outer/inner', 200, '/outer/inner'],
    ['GET /outer2/item/outer2', 200, '/outer2/item/:id'],
    ['GET /first/x', 200, '/first/:y'],
    ['GET /tenant-acme/users/ann', 200, '/api/users/:id'],

    ['POST /api/users/ann', 400, '/api/users/:id'],
    ['GET /api/fails/x', 500, '/api/fails/:id'],
    ['GET /api/gone/x', 404, '/api/gone/:id'],

    // Middleware of the router answered or failed: the route it stands before was requested.
    ['GET /guarded/users/ann?refuse=401', 401, '/guarded/users/:id'],
    ['GET /guarded/users/ann', 200, '/guarded/users/:id'],
    ['HEAD /guarded/users/ann?refuse=401', 401, '/guarded/users/:id'],
    ['POST /guarded/users/ann?refuse=429', 429, '/guarded/users/:id'],
    ['GET /guarded/users/me?refuse=304', 304, '/guarded/users/me'],
    ['GET /guarded/users/me', 200, '/guarded/users/me'],
    ['GET /guarded/admin/x?refuse=302', 302, '/guarded/admin/:page'],
    ['GET /guarded/admin/x', 200, '/guarded/admin/:page'],
    ['DELETE /guarded/any/x?refuse=throw', 500, '/guarded/any/:thing'],
    ['GET /guarded/members/nobody', 400, '/guarded/members/:member'],
    ['GET /guarded/of/ann/notes/x?refuse=503', 503, '/guarded/of/:owner/notes/:note'],
    ['GET /guarded/of/ann?refuse=401', 401, '/guarded/of/:owner'],
    ['GET /guarded/old', 301, '/guarded/old'],
    ['GET /guarded/nowhere?refuse=401', 404, 'unmatched'],
    ['GET /tenants/acme/bills/x?refuse=403', refused, '/tenants/:tenant/bills/:bill'],
    ['GET /outer2/item/x?refuse=401', 401, '/outer2/item/:id'],
    ['GET /outer2?refuse=401', 401, '/outer2'],
    ['GET /outer2/rx/12', 200, '/outer2/rx/(\\d+)'],

    // Middleware of the app did so, before there was a router.
    ['GET /guarded/members/ann?early=401', 401, '/guarded/members/:member'],
    ['GET /guarded/members/bob?early=429', 429, '/guarded/members/:member'],
    ['HEAD /guarded/members/bob?early=304', 304, '/guarded/members/:member'],
    ['PUT /guarded/any/ann?early=301', 302, '/guarded/any/:thing'],
    ['GET /tenants/acme/bills/bob?early=503', 503, '/tenants/:tenant/bills/:bill'],
    ['GET /guarded/of/ann/notes/bob?early=throw', 500, '/guarded/of/:owner/notes/:note'],
    ['GET /outer/inner/item/ann?early=401', 401, '/outer/inner/item/:id'],
    ['GET /first/ann?early=401', 401, '/first/:x'],
    ['GET /kept/a/b', 200, kept],
    ['GET /kept/a/b?early=401', 401, kept],
    [`GET /slow/${'a'.repeat(60)}!?early=401`, 401, 'unmatched'],
    ['GET /users/ann?early=401', 401, 'unmatched'],
    ['GET /users/ann?early=301', 302, 'unmatched'],

    // No router: the mount answers for all paths below it.
    ['GET /files/a/b.css', 200, '/files'],

    // No route answers these.
    ['GET /nowhere', 404, 'unmatched'],
    ['DELETE /api/users/ann', 405, 'unmatched'],
    ['GET /outer/inner/nowhere', 404, 'unmatched'],
  ],
} satisfies Framework;
