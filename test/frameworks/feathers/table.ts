import type { Framework } from '../framework.ts';

const core = { '@feathersjs/errors': '5.0.50', '@feathersjs/feathers': '5.0.50' };
const json = { headers: { 'Content-Type': 'application/json' }, body: '{}' };

export default {
  name: 'Feathers',
  versions: {
    '5 on Koa': { packages: { ...core, transport: 'npm:@feathersjs/koa@5.0.50' } },
    '5 on Express': { packages: { ...core, transport: 'npm:@feathersjs/express@5.0.50' } },
  },
  requests: [
    // Answered before any service is known.
    ['GET /messages/ann?early=401', 401, '/messages/:id'],
    ['PATCH /messages/ann?early=429', 429, '/messages/:id'],
    ['GET /users/ann/notes/1?early=503', 503, '/users/:userId/notes/:id'],
    ['GET /nowhere/ann?early=401', 401, 'unmatched'],

    ['GET /messages', 200, '/messages'],
    ['GET /messages/ann', 200, '/messages/:id'],
    ['HEAD /messages/ann', 200, '/messages/:id'],
    ['GET /messages/a%2Fb?c=/d', 200, '/messages/:id'],
    ['POST /messages', 201, '/messages', json],
    ['PATCH /messages/bob', 200, '/messages/:id', json],
    ['DELETE /messages/bob', 200, '/messages/:id'],
    ['POST /messages', 200, '/messages', { ...json, headers: { ...json.headers, 'X-Service-Method': 'archive' } }],
    ['GET /users/ann/notes', 200, '/users/:userId/notes'],
    ['GET /users/ann/notes/1', 200, '/users/:userId/notes/:id'],

    // The service answers with an error.
    ['GET /messages/gone', 404, '/messages/:id'],
    ['GET /messages/secret', 401, '/messages/:id'],
    ['GET /messages/broken', 500, '/messages/:id'],
    ['PUT /messages/ann', 405, '/messages/:id', json],

    // No service answers these.
    ['GET /nowhere', 404, 'unmatched'],
    ['GET /messages/ann/more', 404, 'unmatched'],
  ],
} satisfies Framework;
