import type { Framework } from '../framework.ts';

const mount = { 'koa-mount': '4.2.0' };

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
    // Answered before routing, so the label comes from the shape of the path.
    ['GET /unauthorised', 401, 'unmatched'],

    // No route answers these.
    ['GET /nowhere', 404, 'unmatched'],
    ['DELETE /api/users/ann', 405, 'unmatched'],
    ['GET /outer/inner/nowhere', 404, 'unmatched'],
  ],
} satisfies Framework;
