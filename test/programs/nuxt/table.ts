import type { Framework, Row } from '../../frameworks/framework.ts';

const answered = (status: number) => ({ headers: { 'x-answer': String(status) } });

/** Pages are written as in the table of vue-router: `pages/users/[id].vue` is `/users/:id`. */
export default {
  name: 'Nuxt',
  versions: {
    '3': { packages: { nuxt: '3.21.11', vue: '3.5.45', 'vue-router': '4.6.5' } },
    '4': { packages: { nuxt: '4.5.2', vue: '3.5.45', 'vue-router': '5.5.1' } },
  },
  requests: [
    // No page was rendered yet.
    ['GET /users/first', 401, 'unmatched', { ...answered(401), once: true }],
    ['GET /users/ann', 200, '/users/:id'],
    ['HEAD /users/ann', 200, '/users/:id'],
    ['POST /users/ann', 200, '/users/:id'],
    ['GET /users/a%20b?c=/d', 200, '/users/:id'],
    ['GET /', 200, '/'],
    ['GET /docs', 200, '/docs/:slug(.*)*'],
    ['GET /docs/a/b', 200, '/docs/:slug(.*)*'],
    ['GET /parent', 200, '/parent'],
    ['GET /parent/one', 200, '/parent/:child'],
    ['GET /numbers/12', 200, '/numbers/:number(\\d+)'],
    ['GET /island', 200, '/island'],

    // Answers of the page that are no page.
    ['GET /users/gone', 404, '/users/:id'],
    ['GET /users/broken', 500, '/users/:id'],
    ['GET /users/moved', 302, '/users/:id'],
    ['GET /private/1', 302, '/private/:id'],
    ['GET /private/refused', 403, '/private/:id'],

    // Rendered in the browser, cached, and the data of a cached page.
    ['GET /spa/1', 200, '/spa/:id'],
    ['GET /swr/1', 200, '/swr/:id'],
    ['GET /swr/1', 200, '/swr/:id'],
    ['GET /swr/1/_payload.json', 200, '/swr/:id'],

    // The server's own routes, and rules of the configuration.
    ['GET /api/orders/1', 200, '/api/orders/:id'],
    ['GET /api/orders/broken', 503, '/api/orders/:id'],
    ['GET /__nuxt_island/Hello_abc.json', 400, '/__nuxt_island/**'],
    ['GET /old/ann', 307, '/old/**'],
    ['GET /moved', 301, '/moved'],
    ['GET /proxied/a', 502, '/proxied/**'],

    // Middleware of the server answers before the page.
    ['GET /users/bob', 401, '/users/:id', answered(401)],
    ['GET /users/carl', 304, '/users/:id', answered(304)],
    ['GET /parent/dora', 503, '/parent/:child', answered(503)],
    ['GET /api/orders/2', 429, '/api/orders/:id', answered(429)],
    ['GET /nowhere/eve', 401, 'unmatched', answered(401)],

    // Files, and nothing.
    ['GET /robots.txt', 200, '/robots.txt'],
    ['GET /_nuxt/nowhere.js', 404, 'unmatched'],
    ['GET /nowhere', 404, 'unmatched'],
    ['GET /parent/one/two', 404, 'unmatched'],
    ['GET /numbers/twelve', 404, 'unmatched'],
    ['GET /api/nowhere', 404, 'unmatched'],
  ],
} satisfies Framework;

/** With `app.baseURL`. */
export const based: readonly Row[] = [
  ['GET /base/users/ann', 200, '/base/users/:id'],
  ['GET /base', 200, '/base'],
  ['GET /base/', 200, '/base'],
  ['GET /base/swr/1', 200, '/base/swr/:id'],
  ['GET /base/api/orders/1', 200, '/base/api/orders/:id'],
  ['GET /base/moved', 301, '/base/moved'],
  ['GET /base/users/bob', 401, '/base/users/:id', answered(401)],
  ['GET /base/nowhere', 404, 'unmatched'],
];
