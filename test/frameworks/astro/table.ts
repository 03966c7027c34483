import type { Framework, Row } from '../framework.ts';

const json = { headers: { 'content-type': 'application/json' }, body: '{}' };

/** The app is heavy to install, so its test is in test/programs. */
export default {
  name: 'Astro',
  versions: {
    '5': { packages: { '@astrojs/node': '9.5.5', astro: '5.18.2', express: '5.3.0' } },
    '6': { packages: { '@astrojs/node': '10.1.4', astro: '6.4.8', express: '5.3.0' } },
    '7': { packages: { '@astrojs/node': '11.1.6', astro: '7.3.5', express: '5.3.0' } },
  },
  requests: [
    ['GET /', 200, '/'],
    ['GET /users/1', 200, '/users/[id]'],
    ['HEAD /users/1', 200, '/users/[id]'],
    ['GET /users/a%20b', 200, '/users/[id]'],
    ['GET /users/me', 200, '/users/me'],
    ['GET /users/gone', 404, '/users/[id]'],
    ['GET /users/moved', 302, '/users/[id]'],
    ['GET /users/broken', 500, '/users/[id]'],
    ['GET /users/1?token=wrong', 401, '/users/[id]'],
    ['GET /docs', 200, '/docs/[...page]'],
    ['GET /docs/a/b', 200, '/docs/[...page]'],
    ['GET /en/about', 200, '/[lang]/about'],
    ['GET /api/orders/7', 200, '/api/orders/[id]'],
    ['POST /api/orders/7', 201, '/api/orders/[id]', json],
    ['GET /old/5', 301, '/old/[id]'],
    ['GET /rendered/', 200, '/rendered'],
    ['GET /nowhere', 404, 'unmatched'],
    ['GET /users', 404, 'unmatched'],
    ['GET /_astro/nowhere.js', 404, 'unmatched'],
    ['GET /robots.txt', 200, '/robots.txt'],
  ],
} satisfies Framework;

/** Express around Astro's middleware. */
export const middleware: readonly Row[] = [['GET /own/5', 200, '/own/:id']];
