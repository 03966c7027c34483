// Serves the framework that the argument names behind listeners of the app that do not show it, one server for each form.
// Each handler answers with what the app has seen of JavaScript's own objects and of the request, also before the framework.
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';

const make = () => frameworks[process.argv[2]]();

const frameworks = {
  async koa() {
    const { default: Koa } = await import('koa');
    const { default: Router } = await import('@koa/router');
    const answer = (context) => {
      context.body = seen(context.req);
    };
    const router = new Router().get('/users/:id', answer);
    return new Koa().use(router.routes()).callback();
  },
  async hapi() {
    const { server: create } = await import('@hapi/hapi');
    const listener = createServer();
    const server = create({ listener, autoListen: false, debug: false });
    server.route({ method: 'GET', path: '/users/{id}', handler: ({ raw }) => seen(raw.req) });
    await server.initialize();
    return listener.listeners('request')[0];
  },
  async hono() {
    const { getRequestListener } = await import('@hono/node-server');
    const { Hono } = await import('hono');
    return getRequestListener(
      new Hono().get('/users/:id', (context) => context.text(seen(context.env.incoming))).fetch,
    );
  },
  async h31() {
    const { createApp, createRouter, eventHandler, toNodeListener } = await import('h3');
    const router = createRouter().get(
      '/users/:id',
      eventHandler(({ node }) => seen(node.req)),
    );
    return toNodeListener(createApp().use(router));
  },
  async h32() {
    const { H3, toNodeHandler } = await import('h3');
    return toNodeHandler(new H3().get('/users/:id', ({ runtime }) => seen(runtime.node.req)));
  },
};

const before = [];

/** What code of the app sees now. */
function look(request) {
  const names = ['originalUrl', 'preResponses', 'GET', 'params', 'context', 'onRequest', 'captureError'];
  return [
    Object.getOwnPropertyNames(Object.prototype),
    names.filter((name) => name in {}),
    Object.keys(request),
    Object.keys(Error),
    [Error.stackTraceLimit, Object.create.name, Array.prototype.push.name],
    [request.url, { ...request }.url, Object.create(request).method],
  ];
}

function seen(request) {
  return JSON.stringify([...before.splice(0), look(request)]);
}

/** Code of the app that handles a request before the framework. */
function first(request) {
  const derived = Object.create(request);
  derived.extra = '/elsewhere';
  const { url } = request;
  request.url = '/other';
  before.push(look(request));
  request.url = url;
  before.push(look(request), Object.keys(derived), new Error('mine').stack.split('\n').length > 1);
}

/** The framework, once it is there. */
const later = async () => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return make();
};

class Gateway {
  #handler = later();

  async handle(request, response) {
    first(request);
    const handler = await this.#handler;
    return handler(request, response);
  }
}

const wrapped = (inner) =>
  function (...args) {
    return inner.apply(this, args);
  };

let made;
const lateHandler = (request, response) => {
  first(request);
  return made(request, response);
};
const promise = later();
const gateway = new Gateway();

const servers = {
  function: createServer(lateHandler),
  async: createServer(async (request, response) => {
    first(request);
    (await promise)(request, response);
  }),
  method: createServer((request, response) => gateway.handle(request, response)),
  'bound method': createServer(gateway.handle.bind(gateway)),
  'wrapper of a wrapper': createServer(
    wrapped(wrapped((request, response) => setImmediate(() => lateHandler(request, response)))),
  ),
  'after probes': createServer((request, response) =>
    request.url === '/health' ? response.end('ok') : lateHandler(request, response),
  ),
  'over HTTP/2': createHttp2Server(lateHandler),
};

made = await make();
const ports = {};
for (const [form, server] of Object.entries(servers)) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  ports[form] = server.address().port;
}
console.log('ports', JSON.stringify(ports));
console.log('listening', ports.function);
