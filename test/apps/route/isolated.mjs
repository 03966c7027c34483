// Apps of one framework in one process, `one` and `other`, whose routes overlap:
//   isolated.mjs NAME two       starts both and prints their ports, that of `one` first
//   isolated.mjs NAME wrapped   starts `one` and then replaces its listener as socket.io does, and prints its port
//   isolated.mjs NAME thousand  starts, asks and drops `one` a thousand times, and prints how many of them are left
// It is copied next to the framework's packages.
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { setTimeout } from 'node:timers/promises';

const [, , name, mode] = process.argv;
const APPS = 1000;

/** Each creates an app with a handler of its own, and what listens: a server, or `start` and `stop`. */
const frameworks = {
  async express(kind) {
    const { default: express } = await import('express');
    const app = express();
    const nested = express.Router({ mergeParams: true });
    const handler = (_request, response) => response.status(statusOf(kind)).send('ok');
    nested.get(kind === 'one' ? '/:id' : '/:name', handler);
    app.use(kind === 'one' ? ['/users', '/all'] : '/:kind', nested);
    return { app, handler, server: createServer(app) };
  },
  async fastify(kind) {
    const { default: fastify } = await import('fastify');
    const app = fastify();
    const handler = (_request, reply) => reply.code(statusOf(kind)).send('ok');
    for (const path of pathsOf(kind)) app.get(path, handler);
    await app.ready();
    return { app, handler, server: app.server };
  },
  async koa(kind) {
    const [{ default: Koa }, { default: Router }] = await Promise.all([import('koa'), import('@koa/router')]);
    const app = new Koa();
    const router = new Router();
    const handler = (context) => {
      context.status = statusOf(kind);
      context.body = 'ok';
    };
    for (const path of pathsOf(kind)) router.get(path, handler);
    app.use(router.routes());
    return { app, handler, server: createServer(app.callback()) };
  },
  async hapi(kind) {
    const { server: create } = await import('@hapi/hapi');
    const app = create({ port: 0, host: '127.0.0.1', debug: false });
    const handler = (_request, h) => h.response('ok').code(statusOf(kind));
    for (const path of pathsOf(kind)) app.route({ method: 'GET', path: path.replace(/:(\w+)/g, '{$1}'), handler });
    return { app, handler, start: () => app.start().then(() => app.info.port), stop: () => app.stop() };
  },
  async hono(kind) {
    const [{ Hono }, { createAdaptorServer }] = await Promise.all([import('hono'), import('@hono/node-server')]);
    const app = new Hono();
    const handler = (context) => context.text('ok', statusOf(kind));
    for (const path of pathsOf(kind)) app.get(path, handler);
    return { app, handler, server: createAdaptorServer(app) };
  },
  async h3(kind) {
    const h3 = await import('h3');
    if (h3.H3 === undefined) {
      const app = h3.createApp({ onError: () => {} });
      const router = h3.createRouter();
      const handler = h3.eventHandler((event) => {
        h3.setResponseStatus(event, statusOf(kind));
        return 'ok';
      });
      for (const path of pathsOf(kind)) router.get(path, handler);
      app.use(router);
      return { app, handler, server: createServer(h3.toNodeListener(app)) };
    }
    const app = new h3.H3({ silent: true });
    const handler = () => new Response('ok', { status: statusOf(kind) });
    for (const path of pathsOf(kind)) app.get(path, handler);
    const options = { port: 0, hostname: '127.0.0.1', silent: true, manual: true, gracefulShutdown: false };
    const server = h3.serve(app, options);
    const start = async () => {
      await server.serve();
      await server.ready();
      return new URL(server.url).port;
    };
    return { app, handler, start, stop: () => server.close(true) };
  },
  async next(kind) {
    // What Next leaves on a request. Its apps are built beforehand, so a process has only one.
    const META = Symbol.for('NextInternalRequestMeta');
    const app = (request, response) => {
      const [, first] = request.url.split('/');
      const pathname = kind === 'one' ? `/${first}/[id]` : '/[kind]/[name]';
      request[META] = { match: { definition: { pathname } } };
      response.writeHead(statusOf(kind)).end('ok');
    };
    return { app, handler: app, server: createServer(app) };
  },
  async restify(kind) {
    const { default: restify } = await import('restify');
    const app = restify.createServer();
    const handler = (_request, response, next) => {
      response.send(statusOf(kind), 'ok');
      next();
    };
    for (const path of pathsOf(kind)) app.get(path, handler);
    return { app, handler, server: app.server };
  },
  async polka(kind) {
    const { default: polka } = await import('polka');
    const app = polka();
    const handler = (_request, response) => {
      response.statusCode = statusOf(kind);
      response.end('ok');
    };
    app.get(kind === 'one' ? '/users/:id' : '/:id/users', handler);
    return { app, handler, server: createServer(app.handler) };
  },
  async connect(kind) {
    const { default: connect } = await import('connect');
    const app = connect();
    const mounted = (_request, response) => response.end('ok');
    // Without a mount: it fails, or replaces the URL as a mount would.
    const handler = (request, response) => {
      if (request.url === '/api/fails') throw new Error('meant to fail');
      request.originalUrl = request.url;
      request.url = request.url.slice('/api'.length);
      response.writeHead(201).end('ok');
    };
    if (kind === 'one') app.use('/api', mounted);
    else app.use(handler);
    app.use((_error, _request, response, _next) => response.writeHead(500).end('failed'));
    return { app, handler: kind === 'one' ? mounted : handler, server: createServer(app) };
  },
};

const pathsOf = (kind) => (kind === 'one' ? ['/users/:id', '/all/:id'] : ['/:kind/:name']);
const statusOf = (kind) => (kind === 'one' ? 200 : 201);

async function start({ server, start, stop }) {
  if (start !== undefined) return { port: await start(), stop };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** As socket.io does, which answers some of the requests itself. */
function wrapListeners(server) {
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    for (const listener of listeners) listener.call(server, request, response);
  });
}

async function ask(port, path) {
  const [response] = await once(get({ port, host: '127.0.0.1', path, agent: false }), 'response');
  response.resume();
  await once(response, 'close');
}

async function startAskAndDrop() {
  const created = await frameworks[name]('one');
  const { port, stop } = await start(created);
  // One that no handler answers, and one that has a route.
  for (const path of ['/nowhere', '/users/ann']) await ask(port, path);
  await stop();
  const { app, handler, server } = created;
  return [app, handler, server].filter((each) => each !== undefined).map((each) => new WeakRef(each));
}

if (mode === 'two') {
  const ports = [];
  for (const kind of ['one', 'other']) ports.push((await start(await frameworks[name](kind))).port);
  console.log('listening', ...ports);
} else if (mode === 'wrapped') {
  const created = await frameworks[name]('one');
  const { port } = await start(created);
  wrapListeners(created.server);
  console.log('listening', port);
} else {
  // One server goes on, so that the process measures on.
  const { port } = await start({ server: createServer((_request, response) => response.end('ok')) });
  console.log('listening', port);
  const created = [];
  for (let i = 0; i < APPS; i++) created.push(...(await startAskAndDrop()));
  for (;;) {
    globalThis.gc();
    await setTimeout(20);
    const alive = created.filter((each) => each.deref() !== undefined).length;
    console.log(`${alive} of ${created.length} alive`);
  }
}
