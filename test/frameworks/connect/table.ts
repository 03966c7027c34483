import { earlyRows, type Framework } from '../framework.ts';

export default {
  name: 'connect',
  versions: { '3': { packages: { connect: '3.7.0' } } },
  requests: [
    ['GET /nowhere', 404, 'unmatched'],
    ['GET /api', 200, '/api'],
    ['GET /api/', 200, '/api'],
    ['GET /api?a=/b', 200, '/api'],
    ['GET /api/users/ann?a=/b', 200, '/api'],
    ['GET /API/users/a%20b', 200, '/api'],
    ['HEAD /api/users/ann', 200, '/api'],
    ['POST /api/users/ann', 200, '/api'],
    ['GET /apis/x', 404, 'unmatched'],
    ['GET /api/missing', 404, '/api'],
    // The error handler of the app answers, after the middleware of the mount failed.
    ['GET /api/fails/x', 500, '/api'],
    ['GET /api/rejects/x', 503, '/api'],
    ['GET /outer/inner/leaf/x', 200, '/outer/inner'],
    ['GET /outer/inner/leaf/y', 200, '/outer/inner'],
    ['GET /outer/INNER/inner/leaf/x', 200, '/outer/inner'],
    ['GET /outer/x', 200, '/outer'],
    ['GET /outer/inner/throws', 500, '/outer/inner'],
    // A mount that has never answered.
    ['GET /broken/x', 500, '/broken'],
    ['GET /brokenness/x', 404, 'unmatched'],
    ...earlyRows('GET /api/users/ann', '/api'),
    ...earlyRows('GET /API', '/api'),
    ...earlyRows('GET /outer/inner/x', '/outer/inner'),
    ['GET /passed/x', 404, 'unmatched'],
    // Outside every mount, so the path label comes from the shape of the path.
    ['GET /health', 200, '/health'],
    ['GET /orders/17', 200, '/orders/:id'],
    ['GET /rewritten/x', 200, '/rewritten/x'],
  ],
} satisfies Framework;
