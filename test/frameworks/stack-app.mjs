// Serves one framework, which the argument names. Middleware and handlers answer with the stack of an error that they create.
import { createServer } from 'node:http';

Error.stackTraceLimit = 200;
const stack = () => new Error('created').stack;

/** Middleware of connect, Express, Polka and restify. */
const pass = (_request, _response, next) => next();
const answer = (_request, response) => response.end(stack());
const answerAtMiddleware = (request, response, next) =>
  request.url.includes('middleware') ? response.end(stack()) : next();

const apps = {
  async connect() {
    const { default: connect } = await import('connect');
    const inner = connect().use(pass).use('/users', answer);
    return createServer(connect().use(pass).use(answerAtMiddleware).use('/mount', inner).use('/users', answer));
  },
  async express() {
    const { default: express } = await import('express');
    const router = () => express.Router().use(pass).use(answerAtMiddleware).get('/users/:id', pass, answer);
    const app = express().use(pass, pass);
    app.use('/passed', router());
    app.use('/mount', pass, router().use('/:tenant', router()));
    app.use(answerAtMiddleware).get('/users/:id', pass, answer);
    return createServer(app);
  },
  async fastify() {
    const { default: fastify } = await import('fastify');
    const app = fastify();
    app.addHook('onRequest', (request, reply, done) =>
      request.url.includes('middleware') ? void reply.send(stack()) : done(),
    );
    app.get('/users/:id', { preHandler: (_request, _reply, done) => done() }, () => stack());
    app.register(async (child) => void child.get('/users/:id', () => stack()), { prefix: '/mount' });
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  },
  async h31() {
    const { createApp, createRouter, eventHandler, toNodeListener, useBase } = await import('h3');
    const router = () => createRouter().get('/users/:id', eventHandler(stack));
    const app = createApp();
    app.use(eventHandler(() => undefined));
    app.use(eventHandler((event) => (event.path.includes('middleware') ? stack() : undefined)));
    app.use('/mount', router().handler);
    app.use(router());
    return createServer(toNodeListener(app.use('/mount', useBase('/mount', router().handler))));
  },
  async h32() {
    const { H3, serve } = await import('h3');
    const app = () => new H3().use((event, next) => (event.url.pathname.includes('middleware') ? stack() : next()));
    const outer = app().get('/users/:id', stack).mount('/mount', app().get('/users/:id', stack));
    const server = serve(outer, { port: 0, hostname: '127.0.0.1', silent: true });
    await server.ready();
    return server.node.server;
  },
  async hapi() {
    const { server: create } = await import('@hapi/hapi');
    const server = create({ port: 0, host: '127.0.0.1', debug: false });
    server.ext('onRequest', (request, h) =>
      request.path.includes('middleware') ? h.response(stack()).takeover() : h.continue,
    );
    for (const path of ['/users/{id}', '/mount/users/{id}']) server.route({ method: 'GET', path, handler: stack });
    await server.start();
    return server.listener;
  },
  async hono() {
    const { serve } = await import('@hono/node-server');
    const { Hono } = await import('hono');
    const inner = new Hono()
      .use((context, next) => (context.req.path.includes('middleware') ? context.text(stack()) : next()))
      .use(async (_context, next) => next())
      .get('/users/:id', (context) => context.text(stack()));
    const app = new Hono();
    app.route('/mount', inner).route('/', inner);
    return serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  },
  async honoAlone() {
    const { serve } = await import('@hono/node-server');
    const { Hono } = await import('hono');
    const app = new Hono().get('*', (context) => context.text(stack()));
    return serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  },
  async koa() {
    const { default: Koa } = await import('koa');
    const { default: Router } = await import('@koa/router');
    const answer = (context) => {
      context.body = stack();
    };
    const router = new Router().use((_context, next) => next()).get('/users/:id', answer);
    const outer = new Router().use('/mount', router.routes()).get('/users/:id', answer);
    const app = new Koa().use((_context, next) => next());
    app.use((context, next) => (context.path.includes('middleware') ? answer(context) : next()));
    return createServer(app.use(outer.routes()).callback());
  },
  async polka() {
    const { default: polka } = await import('polka');
    const sub = polka().use(pass).get('/users/:id', answer);
    const app = polka().use(pass, answerAtMiddleware).use('mount', sub).get('/users/:id', answer);
    app.listen(0, '127.0.0.1');
    return app.server;
  },
  async restify() {
    const { default: restify } = await import('restify');
    const server = restify.createServer();
    server.pre(pass);
    const last = (request, response, _next) => answer(request, response);
    for (const path of ['/users/:id', '/mount/users/:id']) server.get(path, last);
    server.pre(answerAtMiddleware);
    return server.server;
  },
};

const server = await apps[process.argv[2]]();
if (!server.listening) await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
console.log('listening', server.address().port);
