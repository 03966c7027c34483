import type { Framework } from '../framework.ts';

const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' };

/** The app is heavy to install, so its test is in test/programs. */
export default {
  name: 'Remix',
  versions: {
    '2': {
      packages: {
        '@remix-run/dev': '2.17.5',
        '@remix-run/express': '2.17.5',
        '@remix-run/node': '2.17.5',
        '@remix-run/react': '2.17.5',
        '@remix-run/serve': '2.17.5',
        express: '4.22.3',
        isbot: '4.4.0',
        react: '18.3.1',
        'react-dom': '18.3.1',
        vite: '6.4.3',
      },
    },
  },
  requests: [
    ['GET /', 200, '/'],
    ['GET /users/1', 200, '/users/:id'],
    ['HEAD /users/1', 200, '/users/:id'],
    ['GET /users/1/settings', 200, '/users/:id/settings'],
    ['GET /users/gone', 404, '/users/:id'],
    ['GET /users/moved', 302, '/users/:id'],
    ['GET /users/broken', 500, '/users/:id'],
    ['POST /users/1?index', 200, '/users/:id', form],
    ['POST /cart', 405, '/cart', form],
    ['GET /cart', 200, '/cart'],
    ['GET /about', 200, '/:lang?/about'],
    ['GET /en/about', 200, '/:lang?/about'],
    ['GET /api/orders/7', 200, '/api/orders/:id'],
    ['POST /api/orders/7', 201, '/api/orders/:id', form],
    ['GET /files/a/b', 200, '/files/*'],
    ['GET /users/1?_data=routes%2Fusers.%24id', 200, '/users/:id'],
    ['GET /__manifest', 404, 'unmatched'],
    ['GET /nowhere', 404, 'unmatched'],
    ['GET /robots.txt', 200, '/robots.txt'],
  ],
} satisfies Framework;
