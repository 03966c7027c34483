import type { Framework } from '../framework.ts';

export default {
  name: 'Fastify',
  versions: {
    '3': {
      isMinor: true,
      packages: {
        fastify: '3.29.5',
        '@fastify/middie': 'npm:middie@5.4.0',
        '@fastify/express': 'npm:fastify-express@0.3.3',
      },
    },
    '4.0': { isMinor: true, packages: { fastify: '4.0.3', '@fastify/middie': '8.0.0', '@fastify/express': '2.0.0' } },
    '4.9': { isMinor: true, packages: { fastify: '4.9.2', '@fastify/middie': '8.0.0', '@fastify/express': '2.0.2' } },
    '4': { packages: { fastify: '4.29.1', '@fastify/middie': '8.3.3', '@fastify/express': '2.3.0' } },
    '5': { packages: { fastify: '5.12.8', '@fastify/middie': '9.3.6', '@fastify/express': '4.0.7' } },
  },
  requests: [
    ['GET /', 200, '/'],
    ['GET /users/ann', 200, '/users/:id'],
    ['HEAD /users/ann', 200, '/users/:id'],
    ['GET /users/ann?b=/c', 200, '/users/:id'],
    ['GET /users/a%2Fb', 200, '/users/:id'],
    ['GET /static/words', 200, '/static/words'],
    ['GET /files/a/b.txt', 200, '/files/*'],
    // The router of version 3 has no text after an expression.
    ['GET /at/12h', { '3': 404, else: 200 }, { '3': 'unmatched', else: '/at/:hour(^\\d{2}$)h' }],
    ['GET /from/x-y', 200, '/from/:a-:b'],
    ['GET /later/x', 200, '/later/:id'],
    ['PUT /any/x', 200, '/any/:thing'],
    ['OPTIONS /any/x', 200, '/any/:thing'],

    // Hooks, parsers and validation answer before the handler, or the handler fails.
    ['POST /users/ann', 400, '/users/:id', { headers: { 'content-type': 'application/json' }, body: '{}' }],
    ['POST /users/ann', 200, '/users/:id', { headers: { 'content-type': 'application/json' }, body: '{"name":"a"}' }],
    ['POST /users/ann', 400, '/users/:id', { headers: { 'content-type': 'application/json' }, body: '{' }],
    ['POST /users/ann', 415, '/users/:id', { headers: { 'content-type': 'text/x' }, body: 'x' }],
    ['GET /guarded/x', 401, '/guarded/:id'],
    ['GET /checked/x', 403, '/checked/:id'],
    ['GET /fails/x', 500, '/fails/:id'],
    ['GET /gone/x', 404, '/gone/:id'],

    ['GET /missing/x', 404, '/missing/:id'],
    ['GET /users/ann', 429, '/users/:id', { headers: { 'x-limit': 'yes' } }],
    ['GET /users/%', 400, '/users/:id'],
    ['GET /before/items/x', 200, '/before/items/:item'],
    ['GET /before/items/x', 401, '/before/items/:item', { headers: { 'x-stop': '401' } }],
    ['GET /before/items/x', 503, '/before/items/:item', { headers: { 'x-stop': '503' } }],
    ['GET /shop/open/x', 200, '/shop/:part/:id'],
    ['GET /shop/closed/x', 503, '/shop/:part/:id'],

    // Prefixes.
    ['GET /api', 200, '/api'],
    ['GET /api/users/ann', 200, '/api/users/:id'],
    ['GET /tenants/acme/users/tenants', 200, '/tenants/:tenant/users/:id'],
    ['GET /tenants/acme/fails/x', 500, '/tenants/:tenant/fails/:id'],
    ['GET /outer/inner/x/users/y', 200, '/outer/inner/:inner/users/:id'],
    // The outer route passes the request to another app.
    ['GET /old/x', 200, '/new/:id'],

    // No route answers these.
    ['GET /nowhere', 404, 'unmatched'],
    ['DELETE /users/ann', 404, 'unmatched'],
    ['GET /tenants/acme/nowhere/x', 404, 'unmatched'],
    ['GET /wp-admin/setup.php', 404, 'unmatched'],
    ['GET /wp-admin/setup.php', 429, 'unmatched', { headers: { 'x-limit': 'yes' } }],
    // Refused before the routes are asked, by Fastify 4 and 5.
    ['GET /nowhere/%', { '3': 404, else: 400 }, 'unmatched'],
    // The path matches a route that is known.
    ['GET /users/%', 400, '/users/:id'],
  ],
} satisfies Framework;
