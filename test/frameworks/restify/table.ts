import { earlyRows, type Framework } from '../framework.ts';

const NO_PARSER = 'its dependency spdy needs an HTTP parser that Node has removed';

export default {
  name: 'restify',
  versions: {
    '11': {
      packages: { restify: '11.1.0', 'restify-errors': '8.0.2' },
      notOn: { '24': NO_PARSER, '26': NO_PARSER },
    },
    '12': { packages: { restify: '12.0.0', 'restify-errors': '8.0.2' } },
  },
  // An optional package, which is not installed if it cannot be built.
  bundle: { external: ['dtrace-provider'] },
  requests: [
    ['GET /nowhere', 404, 'unmatched'],
    ['GET /', 200, '/'],
    ['GET /users/ann', 200, '/users/:id'],
    ['GET /users/ann?a=/b', 200, '/users/:id'],
    ['GET /users/a%20b', 200, '/users/:id'],
    ['HEAD /users/ann', 200, '/users/:id'],
    ['POST /users/ann', 201, '/users/:id'],
    ['DELETE /users/ann', 405, 'unmatched'],
    ['GET /api/v1/items/7/parts/9', 200, '/api/v1/items/:item/parts/:part'],
    ['GET /files/a/b.txt', 200, '/files/*'],
    ['GET /numbers/12', 200, '/numbers/:number(^\\d+$)'],
    ['GET /numbers/twelve', 404, 'unmatched'],
    ['GET /missing/thing', 404, '/missing/:id'],
    ['GET /guarded/x', 401, '/guarded/:id'],
    ['GET /throws/x', 500, '/throws/:id'],
    ['GET /fails/x', 503, '/fails/:id'],
    ['GET /rejects/x', 500, '/rejects/:id'],
    ['GET /hello', 200, '/hello'],
    ...earlyRows('GET /users/carl', '/users/:id'),
    ...earlyRows('POST /users/carl', '/users/:id'),
    ...earlyRows('GET /api/v1/items/8/parts/9', '/api/v1/items/:item/parts/:part'),
    ...earlyRows('GET /numbers/13', '/numbers/:number(^\\d+$)'),
    ...earlyRows('GET /hello', '/hello'),
    ['GET /maintenance', 503, 'unmatched'],
  ],
} satisfies Framework;
