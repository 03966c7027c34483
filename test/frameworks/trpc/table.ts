import type { Framework } from '../framework.ts';

const json = { headers: { 'content-type': 'application/json' }, body: '{}' };

/** Standalone tRPC has no router. Its procedures are counted by name, and its batches as one path. */
export default {
  name: 'tRPC',
  versions: { '11': { packages: { '@trpc/server': '11.25.2', typescript: '5.9.3' } } },
  requests: [
    ['GET /user.list', 200, '/user.list'],
    ['GET /user.list?batch=1&input=%7B%7D', 200, '/user.list'],
    ['GET /user.list,post.list?batch=1&input=%7B%7D', 200, '/:id'],
    ['GET /post.list,user.list,post.list?batch=1&input=%7B%7D', 200, '/:id'],
    ['GET /user.list,user.fails?batch=1&input=%7B%7D', 207, '/:id'],
    ['POST /user.save', 200, '/user.save', json],
    ['GET /user.fails', 500, '/user.fails'],
    ['GET /user.nothing', 404, 'unmatched'],
  ],
} satisfies Framework;
