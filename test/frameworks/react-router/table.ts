import type { Framework, Row } from '../framework.ts';

const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' };

/** The test builds the app with each version, and serves it in several ways. */
export default {
  name: 'React Router',
  versions: {
    '7': {
      packages: {
        '@react-router/dev': '7.18.4',
        '@react-router/express': '7.18.4',
        '@react-router/node': '7.18.4',
        '@react-router/serve': '7.18.4',
        'react-router': '7.18.4',
        express: '4.22.3',
        isbot: '5.2.3',
        react: '19.3.1',
        'react-dom': '19.3.1',
        vite: '7.3.8',
      },
    },
    '8': {
      packages: {
        '@react-router/dev': '8.4.0',
        '@react-router/express': '8.4.0',
        '@react-router/node': '8.4.0',
        '@react-router/serve': '8.4.0',
        'react-router': '8.4.0',
        express: '5.3.0',
        isbot: '5.2.3',
        react: '19.3.1',
        'react-dom': '19.3.1',
        vite: '8.3.8',
      },
    },
  },
  requests: [
    ['GET /', 200, '/'],
    ['GET /?index', 200, '/'],
    ['GET /users/1', 200, '/users/:id'],
    ['HEAD /users/1', 200, '/users/:id'],
    ['GET /users/a%20b', 200, '/users/:id'],
    ['GET /users/a%2Fb/', 200, '/users/:id'],
    ['GET /USERS/1', 200, '/users/:id'],
    ['GET /users/1/settings', 200, '/users/:id/settings'],
    ['GET /users/me', 200, '/users/me'],
    ['GET /cart', 200, '/cart'],
    ['GET /about', 200, '/:lang?/about'],
    ['GET /en/about', 200, '/:lang?/about'],
    ['GET /files/a/b', 200, '/files/*'],

    // A loader or an action answers for its route, whatever it answers.
    ['GET /users/gone', 404, '/users/:id'],
    ['GET /users/moved', 302, '/users/:id'],
    ['GET /users/broken', 500, '/users/:id'],
    ['POST /users/1', 200, '/users/:id', form],
    ['POST /users/1?index', 200, '/users/:id', form],
    ['POST /cart', 405, '/cart', form],
    ['DELETE /cart', 405, '/cart'],

    // Resource routes.
    ['GET /api/orders/7', 200, '/api/orders/:id'],
    ['POST /api/orders/7', 201, '/api/orders/:id', form],

    // The browser's code sends these.
    ['GET /users/1.data', 200, '/users/:id'],
    ['GET /users/gone.data', 404, '/users/:id'],
    ['GET /users/1.data?_routes=user', 200, '/users/:id'],
    ['GET /_root.data', 200, '/', { versions: ['7'] }],
    ['GET /_.data', 200, '/', { versions: ['8'] }],
    ['GET /__manifest?version=old', 204, '/__manifest'],

    // No route has these paths.
    ['GET /nowhere', 404, 'unmatched'],
    ['GET /users', 404, 'unmatched'],
    ['GET /assets/nowhere.js', 404, 'unmatched'],
    ['GET /robots.txt', 200, '/robots.txt'],
  ],
} satisfies Framework;

/** A server of the app's own, with middleware before React Router. */
export const custom: readonly Row[] = [
  ['GET /own/5', 200, '/own/:id'],
  ['GET /users/5?token=wrong', 401, '/users/:id'],
  ['GET /files/a?token=wrong', 401, '/files/*'],
  ['GET /nowhere?token=wrong', 401, 'unmatched'],
];

/** The app is built for a path of its own, and mounted there. */
export const mounted: readonly Row[] = [
  ['GET /health', 200, '/health'],
  ['GET /admin', 200, '/admin'],
  ['GET /admin/users/1', 200, '/admin/users/:id'],
  ['GET /admin/users/1.data', 200, '/admin/users/:id'],
  ['GET /admin/users/gone', 404, '/admin/users/:id'],
  ['GET /admin/__manifest?version=old', 204, '/admin/__manifest'],
  ['GET /users/1', 404, 'unmatched'],
];
