// Serves one framework, which the argument names. Each handler answers with the property names of Object.prototype, and
// with the text of functions that are replaced while a framework prepares its first requests.
import { createServer } from 'node:http';

const answer = (context) => {
  context.body = [names(), context.mountPath, '_matchedRoute' in context, Object.keys(context)].join();
};

const names = () =>
  [Object.getOwnPropertyNames(Object.prototype).sort(), Object.keys, Object.create, Array.prototype.push].join();

const apps = {
  async plain() {
    return createServer((_request, response) => response.end(names())).listen(0, '127.0.0.1');
  },
  async wrapped() {
    const { default: Koa } = await import('koa');
    const listener = new Koa().use(answer).callback();
    return createServer((request, response) => listener(request, response)).listen(0, '127.0.0.1');
  },
  async koa() {
    const { default: Koa } = await import('koa');
    const app = new Koa();
    // We must keep properties that the app itself sets.
    app.context.mountPath = '/mine';
    return app.use(answer).listen(0, '127.0.0.1');
  },
  async hono() {
    const { serve } = await import('@hono/node-server');
    const { Hono } = await import('hono');
    let aroundFetch;
    const app = new Hono()
      .use('/with/*', (context, next) => {
        context.header('x-middleware', String(names().length));
        return next();
      })
      .get('/', (context) => context.text(`${aroundFetch} ${names()}`))
      .get('/with/middleware', (context) => context.text(`${context.res.headers.get('x-middleware')} ${names()}`))
      .get('/fails', () => {
        throw new Error('meant to fail');
      })
      .notFound((context) => context.text(names(), 404))
      .onError((_, context) => context.text(names(), 500));
    const fetch = (request, env) => {
      aroundFetch = names();
      return app.fetch(request, env);
    };
    return serve({ fetch, port: 0, hostname: '127.0.0.1' });
  },
  async hapi() {
    const { server: create } = await import('@hapi/hapi');
    const server = create({ port: 0, host: '127.0.0.1', debug: false });
    server.ext('onRequest', (_request, h) => h.response(names()).takeover());
    await server.start();
    return server.listener;
  },
  async h31() {
    const { createApp, eventHandler, toNodeListener } = await import('h3');
    return createServer(toNodeListener(createApp().use(eventHandler(names)))).listen(0, '127.0.0.1');
  },
  async h32() {
    const { H3, serve } = await import('h3');
    const server = serve(new H3().all('/', names), { port: 0, hostname: '127.0.0.1', silent: true });
    await server.ready();
    return server.node.server;
  },
};

const server = await apps[process.argv[2]]();
if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
console.log('listening', server.address().port);
