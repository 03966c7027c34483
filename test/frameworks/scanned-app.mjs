// Serves /orders/:order to requests with a token. What it answers to all other requests, the arguments say: framework and
// behaviour. It is copied to the folder with the framework.
import { createServer } from 'node:http';

const [framework, behaviour] = process.argv.slice(2);
const answers = {
  login: [302, { location: '/login' }],
  https: [301, { location: 'https://localhost/' }],
  page: [200, { 'content-type': 'text/html' }],
  maintenance: [503, {}],
};
const [status, headers] = answers[behaviour.replace(/^.*-/, '')];
const answer = (response) => response.writeHead(status, headers).end();
const isAllowed = (request) => request.headers.authorization !== undefined;

const apps = {
  async plain() {
    return createServer((request, response) => {
      if (isAllowed(request)) response.end();
      else answer(response);
    });
  },
  async express() {
    const { default: express } = await import('express');
    const app = express();
    if (behaviour !== 'catch-all-page')
      app.use((request, response, next) => (isAllowed(request) ? next() : answer(response)));
    app.get('/orders/:order', (_request, response) => response.end());
    app.get('/{*path}', (_request, response) => answer(response));
    return createServer(app);
  },
  async koa() {
    const { default: Koa } = await import('koa');
    const { default: Router } = await import('@koa/router');
    const router = new Router().get('/orders/:order', (context) => {
      context.body = 'order';
    });
    const app = new Koa();
    app.use((context, next) => {
      if (isAllowed(context.req)) return next();
      context.status = status;
      context.set(headers);
      context.body = '';
    });
    return createServer(app.use(router.routes()).callback());
  },
  async fastify() {
    const { default: fastify } = await import('fastify');
    const app = fastify();
    app.get('/orders/:order', async () => 'order');
    app.setNotFoundHandler((_request, reply) => reply.code(status).headers(headers).send(''));
    await app.ready();
    return app.server;
  },
  async hono() {
    const { createAdaptorServer } = await import('@hono/node-server');
    const { Hono } = await import('hono');
    const app = new Hono();
    app.use((context, next) => (context.req.header('authorization') ? next() : context.body('', status, headers)));
    app.get('/orders/:order', (context) => context.text('order'));
    return createAdaptorServer(app);
  },
};

const server = await apps[framework]();
server.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
