import type { Framework } from '../framework.ts';

/** `app.mount` copies the request with Node's Request, which does not accept node-server's own. */
const MOUNT_BROKEN = {
  '26.12.1': {
    status: 500,
    reason: "app.mount passes the request of node-server 1 to Node's Request, which refuses it",
    versions: ['4.4 with node-server 1', '4.12 with node-server 1'],
  },
} as const;

/** Makes the app's middleware answer, or fail. */
const answer = (status: string) => ({ headers: { 'x-answer': status } });

export default {
  name: 'Hono',
  versions: {
    '4.4 with node-server 1': { packages: { hono: '4.4.13', '@hono/node-server': '1.19.19' } },
    '4.12 with node-server 1': { packages: { hono: '4.12.34', '@hono/node-server': '1.19.19' } },
    '4 with node-server 2': { packages: { hono: '4.13.19', '@hono/node-server': '2.1.8' } },
  },
  requests: [
    ['GET /users/ann', 200, '/users/:id'],
    ['GET /users/me', 200, '/users/me'],
    // On version 1 of its server, Hono fails to answer this, with and without us.
    ['HEAD /users/ann', { '4 with node-server 2': 200, else: 500 }, '/users/:id'],
    ['GET /users/a%2Fb?c=/d', 200, '/users/:id'],
    ['POST /users/ann', 200, '/users/:id', { body: 'ann' }],
    ['POST /users/ann', 400, '/users/:id'],
    ['GET /', 200, '/'],
    ['GET /maybe', 200, '/maybe/:x?'],
    ['GET /maybe/so', 200, '/maybe/:x?'],
    ['GET /files/a/b.txt', 200, '/files/*'],
    ['GET /years/2026', 200, '/years/:year{[0-9]{4}}'],
    ['PUT /any/x', 200, '/any/:thing'],
    ['DELETE /off/x', 200, '/off/:one'],
    ['GET /several/x', 200, '/several/:x'],
    ['GET /raw/x', 200, '/raw/:id'],

    // Apps mounted in the app.
    ['GET /api/acme/items/x', 200, '/api/:tenant/items/:item'],
    ['GET /api/acme/fails/x', 503, '/api/:tenant/fails/:id'],
    ['GET /based/x', 200, '/based/:x'],
    ['GET /mounted/inside/x', 200, '/mounted/*', { brokenOn: MOUNT_BROKEN }],

    // Middleware answers. The label is the route behind it, if there is one.
    ['GET /admin/users/x', 401, '/admin/users/:id'],
    ['GET /admin/users/x?key=y', 200, '/admin/users/:id'],
    ['GET /admin/nothing/x', 401, '/admin/*'],
    ['GET /static/none.txt', 404, 'unmatched'],
    ['GET /users/bob', 429, '/users/:id', answer('429')],
    ['GET /users/bob', 301, '/users/:id', answer('301')],
    ['GET /users/bob', 304, '/users/:id', answer('304')],
    ['POST /users/bob', 503, '/users/:id', answer('503')],
    ['GET /years/2026', 401, '/years/:year{[0-9]{4}}', answer('401')],
    ['GET /api/acme/items/x', 500, '/api/:tenant/items/:item', answer('error')],
    ['GET /nowhere/bob', 429, 'unmatched', answer('429')],
    ['GET /nowhere/bob', 302, 'unmatched', answer('302')],
    ['GET /nowhere/bob', 500, 'unmatched', answer('error')],

    ['GET /fails/x', 500, '/fails/:id'],
    ['GET /gone/x', 404, '/gone/:id'],

    // No route answers these.
    ['GET /nowhere', 404, 'unmatched'],
    ['DELETE /users/ann', 404, 'unmatched'],
    ['GET /years/soon', 404, 'unmatched'],
  ],
} satisfies Framework;
