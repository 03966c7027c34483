import type { Framework } from '../framework.ts';

const answered = (status: number) => ({ headers: { 'x-answer': String(status) } });

export default {
  name: 'h3',
  versions: {
    '1': { packages: { h3: '1.15.11' } },
    '2': { packages: { h3: '2.0.8' } },
  },
  // The server of version 2 uses `import.meta.url`, which CommonJS does not have.
  bundle: { format: 'esm' },
  requests: [
    ['GET /users/ann', 200, '/users/:id'],
    ['HEAD /users/ann', { 1: 404, 2: 200 }, { 1: 'unmatched', 2: '/users/:id' }],
    ['GET /users/a%20b?c=/d', 200, '/users/:id'],
    ['POST /users/ann', 200, '/users/:id'],
    ['GET /files/a/b.txt', 200, '/files/**'],
    ['GET /api/users/api', 200, '/api/users/:id'],
    ['GET /api/fails/x', 500, '/api/fails/:id'],
    ['GET /mounted/users/mounted', 200, '/mounted/users/:id'],
    ['GET /fails/x', 500, '/fails/:id'],
    ['GET /gone/x', 404, '/gone/:id'],
    ['GET /nowhere', 404, 'unmatched'],

    // Middleware answers before the route, or a hook before all.
    ['GET /users/bob', 401, '/users/:id', answered(401)],
    ['POST /users/bob', 429, '/users/:id', answered(429)],
    ['GET /api/users/carl', 304, '/api/users/:id', answered(304)],
    ['GET /mounted/users/dora', 503, '/mounted/users/:id', answered(503)],
    ['GET /nowhere/eve', 401, 'unmatched', answered(401)],
    ['GET /users/frank', 503, '/users/:id', { headers: { 'x-early': '503' }, versions: ['2'] }],
    ['DELETE /users/ann', 404, 'unmatched'],
  ],
} satisfies Framework;
