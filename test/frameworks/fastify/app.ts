import { createServer } from 'node:http';
import express from '@fastify/express';
import middie from '@fastify/middie';
import Fastify, { type FastifyInstance } from 'fastify';

/** Everything a route may be given by, under whatever prefix. */
async function routes(app: FastifyInstance) {
  app.get('/', async () => 'root');
  app.get('/users/:id', async () => 'user');
  app.post('/users/:id', { schema: { body: { type: 'object', required: ['name'] } } }, async () => 'made');
  app.get('/static/words', async () => 'static');
  app.get('/files/*', async () => 'file');
  app.get('/at/:hour(^\\d{2}$)h', async () => 'hour');
  app.get('/from/:a-:b', async () => 'two');
  app.get('/fails/:id', async () => {
    throw new Error('meant to fail');
  });
  app.get('/gone/:id', async (_request, reply) => reply.code(404).send('no such thing'));
  app.get('/missing/:id', (_request, reply) => {
    reply.callNotFound();
  });
  app.get('/later/:id', (_request, reply) => {
    setImmediate(() => reply.send('later'));
  });
  app.all('/any/:thing', async () => 'any');
}

async function guarded(app: FastifyInstance) {
  app.addHook('onRequest', async (_request, reply) => reply.code(401).send('who are you?'));
  app.get('/guarded/:id', async () => 'never');
}

async function checked(app: FastifyInstance) {
  app.addHook('preHandler', async () => {
    throw Object.assign(new Error('not you'), { statusCode: 403 });
  });
  app.setErrorHandler(async (error, _request, reply) =>
    reply.code((error as { statusCode?: number }).statusCode ?? 500).send('no'),
  );
  app.get('/checked/:id', async () => 'never');
}

async function tenants(app: FastifyInstance) {
  app.setNotFoundHandler(async (_request, reply) => reply.code(404).send('nothing of this tenant'));
  app.register(routes);
}

/** Middleware of connect and Express, which runs before the handler of a route. */
async function middlewares(app: FastifyInstance) {
  await app.register(middie);
  app.use((request, response, next) => {
    if (request.headers['x-stop'] === undefined) return next();
    response.statusCode = Number(request.headers['x-stop']);
    response.end('stopped');
  });
  app.get('/items/:item', async () => 'item');
}

async function onExpress(app: FastifyInstance) {
  await app.register(express);
  app.use('/shop', (_request, _response, next) => next());
  app.use('/shop/closed', (_request, response) => void response.status(503).send('closed'));
  app.get('/shop/:part/:id', async () => 'part');
}

/** A server of its own, and paths that are written anew before they are routed. */
const rewritten = Fastify({
  serverFactory: (handler) => createServer(handler),
  rewriteUrl: ({ url = '' }) => url.replace(/^\/old\//, '/new/'),
});
rewritten.get('/new/:id', async () => 'new');

const app = Fastify({
  exposeHeadRoutes: true,
  frameworkErrors: (_error, _request, reply) => reply.code(400).send('bad'),
});
app.addHook('onRequest', async (request, reply) => {
  if (request.headers['x-limit'] !== undefined) return reply.code(429).send('too many');
});
app.register(routes);
app.register(guarded);
app.register(checked);
app.register(routes, { prefix: '/api' });
app.register(tenants, { prefix: '/tenants/:tenant' });
app.register(async (nested) => nested.register(routes, { prefix: '/inner/:inner' }), { prefix: '/outer' });
app.register(middlewares, { prefix: '/before' });
app.register(onExpress);
// An app behind a route of this one.
app.get('/old/:id', (request, reply) => {
  reply.hijack();
  rewritten.routing(request.raw, reply.raw);
});
rewritten.ready(() => {
  app.listen({ port: 0, host: '127.0.0.1' }, () => {
    console.log('listening', (app.server.address() as { port: number }).port);
  });
});
