import type { Framework } from '../framework.ts';

/** In the configuration of the app. Nobody listens at port 1. */
export const routeRules = {
  '/old/**': { redirect: '/users/**' },
  '/moved': { redirect: { to: '/users/ann', statusCode: 301, status: 301 } },
  '/people/:id/profile': { redirect: '/users/ann' },
  '/proxied/**': { proxy: 'http://127.0.0.1:1/**' },
  '/api/**': { cors: true, headers: { 'x-api': '1' } },
  '/cached/**': { swr: 60 },
};

const answered = (status: number) => ({ headers: { 'x-answer': String(status) } });

/** The test builds the app and runs the output. h3's adapter must find the routes in it. */
export default {
  name: 'Nitro',
  versions: {
    '2': { packages: { nitropack: '2.13.6' } },
    '3': { packages: { nitro: '3.0.0', rolldown: '1.3.2' } },
  },
  requests: [
    // Nitro 3 finds the route before its middleware runs. Of Nitro 2, only routes that have answered are known.
    ['GET /users/first', 401, { '2': 'unmatched', '3': '/users/:id' }, { ...answered(401), once: true }],
    ['GET /users/ann', 200, '/users/:id'],
    ['HEAD /fails/x', 503, '/fails/:id'],
    ['GET /users/a%20b?c=/d', 200, '/users/:id'],
    ['GET /fails/x', 503, '/fails/:id'],
    ['GET /api/tenants/users', 200, '/api/:tenant/users'],
    ['GET /docs/a/b', 200, '/docs/**:page'],
    ['POST /users/ann', { '2': 405, '3': 404 }, 'unmatched'],
    ['GET /nowhere', 404, 'unmatched'],

    // Middleware answers before the route.
    ['GET /users/bob', 401, '/users/:id', answered(401)],
    ['GET /users/carl', 304, '/users/:id', answered(304)],
    ['GET /users/dora', 503, '/users/:id', answered(503)],
    ['GET /nowhere/eve', 429, 'unmatched', answered(429)],

    // Rules of the configuration.
    ['GET /old/ann', 307, '/old/**'],
    ['GET /old/a/b?c=d', 307, '/old/**'],
    // Version 2 does not name a rule: the second request of a rule shows what is no parameter.
    ['GET /moved', 301, { '2': 'unmatched', '3': '/moved' }, { once: true }],
    ['GET /moved', 301, '/moved'],
    ['GET /people/17/profile', 307, { '2': 'unmatched', '3': '/people/:id/profile' }, { once: true }],
    ['GET /people/18/profile', 307, { '2': '/people/*/profile', '3': '/people/:id/profile' }],
    ['GET /proxied/a', { '2': 502, '3': 502 }, '/proxied/**'],
    ['GET /cached/ann', 200, '/cached/:id'],
    ['GET /cached/ann', 200, '/cached/:id'],
  ],
} satisfies Framework;
