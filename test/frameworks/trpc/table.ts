import type { Framework } from '../framework.ts';

const json = { headers: { 'content-type': 'application/json' }, body: '{}' };

/** Standalone tRPC. Its procedures are counted by name, and batches of several as one path. */
export default {
  name: 'tRPC',
  versions: {
    '10': { isMinor: true, packages: { '@trpc/server': '10.45.2' } },
    '11': { packages: { '@trpc/server': '11.25.2', typescript: '5.9.3' } },
  },
  requests: [
    ['GET /user.list', 200, '/user.list'],
    ['GET /user.list?batch=1&input=%7B%7D', 200, '/user.list'],
    ['GET /user.list,post.list?batch=1&input=%7B%7D', 200, '/*batch'],
    ['GET /post.list,user.list,post.list?batch=1&input=%7B%7D', 200, '/*batch'],
    ['GET /user.list,user.fails?batch=1&input=%7B%7D', 207, '/*batch'],
    ['POST /user.save', 200, '/user.save', json],
    ['GET /user.fails', 500, '/user.fails'],
    ['GET /user.list,user.list?batch=1&input=%7B%7D', 200, '/user.list'],
    ['GET /user.nothing', 404, 'unmatched'],
    ['GET /constructor', 404, 'unmatched'],
    ['GET /elsewhere/user.list', 404, 'unmatched'],
  ],
} satisfies Framework;
