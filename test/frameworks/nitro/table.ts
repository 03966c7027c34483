import type { Framework } from '../framework.ts';

/** The test builds the app and runs the output. h3's adapter must find the routes in it. */
export default {
  name: 'Nitro',
  versions: {
    '2': { packages: { nitropack: '2.13.6' } },
    '3': { packages: { nitro: '3.0.0', rolldown: '1.3.2' } },
  },
  requests: [
    ['GET /users/ann', 200, '/users/:id'],
    ['HEAD /fails/x', 503, '/fails/:id'],
    ['GET /users/a%20b?c=/d', 200, '/users/:id'],
    ['GET /fails/x', 503, '/fails/:id'],
    ['GET /api/tenants/users', 200, '/api/:tenant/users'],
    ['GET /docs/a/b', 200, '/docs/**:page'],
    ['POST /users/ann', { '2': 405, '3': 404 }, 'unmatched'],
    ['GET /nowhere', 404, 'unmatched'],
  ],
} satisfies Framework;
