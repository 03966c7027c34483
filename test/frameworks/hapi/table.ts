import { earlyRows, type Framework } from '../framework.ts';

const preflight = { origin: 'http://x.test', 'access-control-request-method': 'GET' };

export default {
  name: 'hapi',
  versions: { '21': { packages: { '@hapi/hapi': '21.4.10', '@hapi/boom': '10.0.1' } } },
  requests: [
    ['GET /users/ann', 200, '/users/{id}'],
    ['HEAD /users/ann', 200, '/users/{id}'],
    ['GET /users/a%2Fb?c=/d', 200, '/users/{id}'],
    ['GET /maybe', 200, '/maybe/{x?}'],
    ['GET /maybe/so', 200, '/maybe/{x?}'],
    ['GET /files/a/b.txt', 200, '/files/{path*}'],
    ['GET /pair/a/b', 200, '/pair/{pair*2}'],
    ['GET /named/a.b', 200, '/named/{name}.{extension}'],
    ['PUT /any/x', 200, '/any/{thing}'],

    // Plugins under a prefix.
    ['GET /api/users/ann', 200, '/api/users/{id}'],
    ['GET /tenants/acme/users/tenants', 200, '/tenants/{tenant}/users/{id}'],
    ['GET /tenants/acme/fails/x', 500, '/tenants/{tenant}/fails/{id}'],

    // Validation, parsing and authentication answer before the handler, or the handler fails.
    ['POST /users/ann', 400, '/users/{id}', { headers: { 'content-type': 'application/json' }, body: '{}' }],
    ['POST /users/ann', 400, '/users/{id}', { headers: { 'content-type': 'application/json' }, body: '{' }],
    ['GET /guarded/x', 401, '/guarded/{id}'],
    ['GET /fails/x', 500, '/fails/{id}'],
    ['GET /gone/x', 404, '/gone/{id}'],
    // Answered before routing.
    ['GET /closed/today', 503, 'unmatched'],
    ...earlyRows('GET /users/carl', '/users/{id}'),
    ...earlyRows('POST /users/carl', '/users/{id}'),
    ...earlyRows('GET /named/c.d', '/named/{name}.{extension}'),
    ...earlyRows('GET /tenants/acme/users/carl', '/tenants/{tenant}/users/{id}'),
    // No request has reached this route.
    ...earlyRows('GET /tenants/acme/rare/x', '/tenants/{tenant}/rare/{id}'),

    // No route answers these. A CORS preflight asks about a route, but is not a request of it.
    ['OPTIONS /shared/x', 200, 'unmatched', { headers: preflight }],
    ['GET /nowhere', 404, 'unmatched'],
    ['DELETE /users/ann', 404, 'unmatched'],
    ['GET /%', 404, 'unmatched'],
  ],
} satisfies Framework;
