import type { Framework } from '../framework.ts';

export default {
  name: 'Fastify',
  versions: {
    '4': { packages: { fastify: '4.29.1' } },
    '5': { packages: { fastify: '5.12.8' } },
  },
  requests: [
    ['GET /', 200, '/'],
    ['GET /users/ann', 200, '/users/:id'],
    ['HEAD /users/ann', 200, '/users/:id'],
    ['GET /users/ann?b=/c', 200, '/users/:id'],
    ['GET /users/a%2Fb', 200, '/users/:id'],
    ['GET /static/words', 200, '/static/words'],
    ['GET /files/a/b.txt', 200, '/files/*'],
    ['GET /at/12h', 200, '/at/:hour(^\\d{2}$)h'],
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
  ],
} satisfies Framework;
