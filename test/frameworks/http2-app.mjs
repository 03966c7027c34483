// Serves one framework, which the argument names, over HTTP/2. It is copied to the folder with the packages.
import { createServer } from 'node:http2';

const apps = {
  async fastify() {
    const { default: fastify } = await import('fastify');
    const app = fastify({ http2: true });
    app.get('/users/:id', async () => 'user');
    app.get('/fails/:id', async () => {
      throw new Error('meant to fail');
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  },
  async koa() {
    const { default: Koa } = await import('koa');
    const { default: Router } = await import('@koa/router');
    const app = new Koa();
    app.silent = true;
    const router = new Router();
    router.get('/users/:id', (context) => {
      context.body = 'user';
    });
    router.get('/fails/:id', () => {
      throw new Error('meant to fail');
    });
    return createServer(app.use(router.routes()).callback()).listen(0, '127.0.0.1');
  },
  async hono() {
    const { serve } = await import('@hono/node-server');
    const { Hono } = await import('hono');
    const app = new Hono();
    app.get('/users/:id', (context) => context.text('user'));
    app.get('/fails/:id', () => {
      throw new Error('meant to fail');
    });
    app.onError((_error, context) => context.text('failed', 500));
    return serve({ fetch: app.fetch, createServer, port: 0, hostname: '127.0.0.1' });
  },
  async hapi() {
    const { server: create } = await import('@hapi/hapi');
    const listener = createServer();
    const server = create({ listener, port: 0, host: '127.0.0.1', debug: false });
    server.route({ method: 'GET', path: '/users/{id}', handler: () => 'user' });
    server.route({
      method: 'GET',
      path: '/fails/{id}',
      handler: () => {
        throw new Error('meant to fail');
      },
    });
    await server.start();
    return listener;
  },
};

const server = await apps[process.argv[2]]();
if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
console.log('listening', server.address().port);
