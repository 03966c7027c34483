import type { Framework, Row } from '../framework.ts';

/** SvelteKit accepts a form only from the origin of the app. */
const form = {
  headers: { origin: 'http://app.test', 'content-type': 'application/x-www-form-urlencoded' },
  body: 'a=b',
};

/** The test builds the app with each version, and serves it in several ways. */
export default {
  name: 'SvelteKit',
  versions: {
    '2': {
      packages: {
        '@sveltejs/adapter-node': '5.5.7',
        '@sveltejs/kit': '2.70.4',
        '@sveltejs/vite-plugin-svelte': '6.2.4',
        express: '4.22.3',
        svelte: '5.57.3',
        vite: '7.3.8',
      },
    },
    '3': {
      packages: {
        '@sveltejs/adapter-node': '6.0.1',
        '@sveltejs/kit': '3.2.0',
        '@sveltejs/vite-plugin-svelte': '7.3.1',
        express: '5.3.0',
        svelte: '5.57.3',
        typescript: '6.0.3',
        vite: '8.3.8',
      },
    },
  },
  requests: [
    ['GET /', 200, '/'],
    ['GET /users/1', 200, '/users/[id]'],
    ['HEAD /users/1', 200, '/users/[id]'],
    ['GET /users/a%20b', 200, '/users/[id]'],
    ['GET /users/a%2Fb', 200, '/users/[id]'],
    ['GET /users/me', 200, '/users/me'],
    ['GET /cart', 200, '/cart'],
    ['GET /about', 200, '/[[lang]]/about'],
    ['GET /en/about', 200, '/[[lang]]/about'],
    ['GET /files/a/b', 200, '/files/[...rest]'],
    ['GET /files', 200, '/files/[...rest]'],
    ['GET /x-1-y', 200, '/x-[a]-[b]'],
    ['GET /.well-known/app', 200, '/.well-known/app'],
    ['GET /years/2026', 200, '/years/[year=integer]'],
    // The matcher is code of the app, so the routes that it tells apart are counted as one.
    ['GET /items/5', 200, '/items/[slug]'],
    ['GET /items/lamp', 200, '/items/[slug]'],

    // Load functions, actions and endpoints answer for their route, whatever they answer.
    ['GET /users/gone', 404, '/users/[id]'],
    ['GET /users/moved', 302, '/users/[id]'],
    ['GET /users/broken', 500, '/users/[id]'],
    ['GET /users/1/', 308, '/users/[id]'],
    ['POST /users/1', 200, '/users/[id]', form],
    ['POST /users/1', 403, '/users/[id]', { ...form, headers: { ...form.headers, origin: 'http://other.test' } }],
    ['GET /users/1', 401, '/users/[id]', { headers: { 'x-denied': '1' } }],
    ['GET /api/orders/7', 200, '/api/orders/[id]'],
    ['DELETE /api/orders/7', 405, '/api/orders/[id]', { headers: { origin: 'http://app.test' } }],

    // The build has rendered these pages: they are files, and the build does not say of which route.
    ['GET /posts/first', 200, '/posts/first'],
    ['GET /posts/42', 200, '/posts/:id'],

    // The browser's code sends these.
    ['GET /users/1/__data.json', 200, '/users/[id]'],
    ['GET /__data.json', 200, '/'],

    // No route has these paths.
    ['GET /nowhere', 404, 'unmatched'],
    ['GET /years/now', 404, '/years/[year=integer]'],
    ['GET /users/1/nowhere', 404, 'unmatched'],
    ['GET /_app/immutable/nowhere.js', 404, 'unmatched'],
    ['GET /robots.txt', 200, '/robots.txt'],
  ],
} satisfies Framework;

/** A server of the app's own, with middleware before SvelteKit. */
export const custom: readonly Row[] = [
  ['GET /own/5', 200, '/own/:id'],
  ['GET /users/5?token=wrong', 401, '/users/[id]'],
  ['GET /nowhere?token=wrong', 401, 'unmatched'],
];

/** The app is built for a path of its own. */
export const based: readonly Row[] = [
  ['GET /shop/', 200, '/shop'],
  ['GET /shop', 308, '/shop'],
  ['GET /shop/users/1', 200, '/shop/users/[id]'],
  ['GET /shop/users/1/__data.json', 200, '/shop/users/[id]'],
  ['GET /shop/posts/first', 200, '/shop/posts/first'],
  ['GET /users/1', 404, 'unmatched'],
];
