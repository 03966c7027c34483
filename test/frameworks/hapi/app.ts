import { badRequest, notFound } from '@hapi/boom';
import { server as createServer, type Server } from '@hapi/hapi';

const server = createServer({ port: 0, host: '127.0.0.1', debug: false });

function routes(target: Server) {
  target.route([
    { method: 'GET', path: '/users/{id}', handler: () => 'user' },
    { method: 'POST', path: '/users/{id}', handler: () => 'made', options: { validate: { payload: refuse } } },
    { method: 'GET', path: '/maybe/{x?}', handler: () => 'maybe' },
    { method: 'GET', path: '/files/{path*}', handler: () => 'file' },
    { method: 'GET', path: '/pair/{pair*2}', handler: () => 'pair' },
    { method: 'GET', path: '/named/{name}.{extension}', handler: () => 'named' },
    { method: '*', path: '/any/{thing}', handler: () => 'any' },
    { method: 'GET', path: '/rare/{id}', handler: () => 'never asked for' },
    { method: 'GET', path: '/fails/{id}', handler: fail },
    { method: 'GET', path: '/gone/{id}', handler: () => notFound() },
    { method: 'GET', path: '/guarded/{id}', handler: () => 'never', options: { auth: 'nobody' } },
    { method: 'GET', path: '/shared/{id}', handler: () => 'shared', options: { cors: { origin: ['http://x.test'] } } },
  ]);
}

function fail(): never {
  throw new Error('meant to fail');
}

function refuse(): never {
  throw badRequest('not like this');
}

server.auth.scheme('nobody', () => ({
  authenticate: (_request, h) => h.response('who are you?').code(401).takeover(),
}));
server.auth.strategy('nobody', 'nobody');
// Something before the routes answers.
server.ext('onRequest', (request, h) => {
  const early = request.headers['x-early'];
  if (early === 'error') throw new Error('thrown');
  if (early !== undefined) return h.response().code(Number(early)).takeover();
  if (request.path === '/closed/today') return h.response('closed').code(503).takeover();
  return h.continue;
});
routes(server);
const register = (target: Server) => routes(target);
server
  .register([
    { plugin: { name: 'api', register }, routes: { prefix: '/api' } },
    { plugin: { name: 'tenants', register }, routes: { prefix: '/tenants/{tenant}' } },
  ])
  .then(() => server.start())
  .then(() => console.log('listening', server.info.port));
