// Serves one framework over HTTP/2: http2-app.mjs FRAMEWORK [FOLDER]. It is copied to the folder with the packages. With the
// folder of a certificate it serves TLS, and HTTP/1 too.
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { join } from 'node:path';

const [framework, folder] = process.argv.slice(2);
const pem = (name) => readFileSync(join(folder, `${name}.pem`));
const secure = folder && { allowHTTP1: true, key: pem('key'), cert: pem('cert') };
const createServer = (listener) => (secure ? http2.createSecureServer(secure, listener) : http2.createServer(listener));

const answer = (_request, response) => response.end('user');
const fail = () => {
  throw new Error('meant to fail');
};

const apps = {
  connect: async () => {
    const { default: connect } = await import('connect');
    const app = connect().use('/users', answer).use('/fails', fail);
    return createServer(app.use((_error, _request, response, _next) => response.writeHead(500).end()));
  },
  async express() {
    const { default: express } = await import('express');
    const app = (prepare) => {
      const app = express().set('env', 'test');
      prepare(app);
      const router = express.Router().get('/:id', answer);
      app.get('/fails/:id', fail);
      return app.use('/users', router);
    };
    // Express gives each request the prototype of its app, which is made for HTTP/1.
    const based = (object, prototype) => Object.create(prototype, Object.getOwnPropertyDescriptors(object));
    const overHttp1 = app(() => {});
    const overHttp2 = app(({ request, response }) => {
      Object.setPrototypeOf(request, based(express.request, http2.Http2ServerRequest.prototype));
      Object.setPrototypeOf(response, based(express.response, http2.Http2ServerResponse.prototype));
    });
    if (!secure) return createServer(overHttp2);
    return createServer((request, response) =>
      (request.httpVersionMajor === 2 ? overHttp2 : overHttp1)(request, response),
    );
  },
  async fastify() {
    const { default: fastify } = await import('fastify');
    const app = fastify({ http2: true, ...(secure && { https: secure }) });
    app.get('/users/:id', async () => 'user');
    app.get('/fails/:id', async () => fail());
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  },
  async h31() {
    const { createApp, createRouter, eventHandler, toNodeListener } = await import('h3');
    const router = createRouter()
      .get(
        '/users/:id',
        eventHandler(() => 'user'),
      )
      .get('/fails/:id', eventHandler(fail));
    return createServer(toNodeListener(createApp().use(router)));
  },
  async h32() {
    const { H3, toNodeHandler } = await import('h3');
    return createServer(
      toNodeHandler(new H3({ silent: true }).get('/users/:id', () => 'user').get('/fails/:id', fail)),
    );
  },
  async hapi() {
    const { server: create } = await import('@hapi/hapi');
    const listener = createServer();
    const server = create({ listener, port: 0, host: '127.0.0.1', debug: false, ...(secure && { tls: true }) });
    server.route({ method: 'GET', path: '/users/{id}', handler: () => 'user' });
    server.route({ method: 'GET', path: '/fails/{id}', handler: fail });
    await server.start();
    return listener;
  },
  async hono() {
    const { serve } = await import('@hono/node-server');
    const { Hono } = await import('hono');
    const app = new Hono();
    app.get('/users/:id', (context) => context.text('user'));
    app.get('/fails/:id', fail);
    app.onError((_error, context) => context.text('failed', 500));
    const options = secure
      ? { createServer: http2.createSecureServer, serverOptions: secure }
      : { createServer: http2.createServer };
    return serve({ fetch: app.fetch, ...options, port: 0, hostname: '127.0.0.1' });
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
    router.get('/fails/:id', fail);
    return createServer(app.use(router.routes()).callback());
  },
  async polka() {
    const { default: polka } = await import('polka');
    const app = polka({ server: createServer() });
    app.get('/users/:id', answer);
    app.get('/fails/:id', (_request, response) => response.writeHead(500).end());
    app.listen(0, '127.0.0.1');
    return app.server;
  },
  async restify() {
    const { default: restify } = await import('restify');
    const server = restify.createServer({ http2: secure });
    server.get('/users/:id', (_request, response, next) => {
      response.send('user');
      next();
    });
    server.get('/fails/:id', (_request, _response, next) => next(new Error('meant to fail')));
    return server.server;
  },
};

const server = await apps[framework]();
if (!server.listening) await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
console.log('listening', server.address().port);
