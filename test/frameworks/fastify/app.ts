import { createServer } from 'node:http';
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

/** A server of its own, and paths that are written anew before they are routed. */
const rewritten = Fastify({
  serverFactory: (handler) => createServer(handler),
  rewriteUrl: ({ url = '' }) => url.replace(/^\/old\//, '/new/'),
});
rewritten.get('/new/:id', async () => 'new');

const app = Fastify();
app.register(routes);
app.register(guarded);
app.register(checked);
app.register(routes, { prefix: '/api' });
app.register(tenants, { prefix: '/tenants/:tenant' });
app.register(async (nested) => nested.register(routes, { prefix: '/inner/:inner' }), { prefix: '/outer' });
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
