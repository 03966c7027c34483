import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AdapterName } from '../../src/route/frameworks/index.ts';
import type { AdapterFailure } from '../../src/status.ts';

/** A server whose listener a test calls as Node does, with requests that the adapter of one framework measures. */
interface Bench {
  request(key?: object): Promise<string>;
  failures(): readonly AdapterFailure[];
}

/**
 * What a listener may look like to an adapter.
 * @property text  its source text, for frameworks that are known by it
 */
type Listener = ((request: object) => unknown) & { text?: string };

// Failures are kept per process, so each test gets modules of its own.
beforeEach(() => void vi.resetModules());
let logged: string[] = [];
beforeEach(() => {
  logged = [];
  vi.spyOn(console, 'error').mockImplementation((line) => void logged.push(line));
});
afterEach(() => void vi.restoreAllMocks());

async function bench(framework: AdapterName, listener: Listener): Promise<Bench> {
  const { adaptersFor } = await import('../../src/route/frameworks/index.ts');
  const { RouteResolver } = await import('../../src/route/resolver.ts');
  const { adapterFailures } = await import('../../src/route/adapter-failure.ts');
  const { RECORD, RequestRecord } = await import('../../src/requests/request-record.ts');
  const options = { routes: [], isIgnored: undefined, maxPaths: 500 };
  const resolver = new RouteResolver({ adapters: adaptersFor((name) => name === framework), ...options });
  const { text } = listener;
  if (text !== undefined) {
    const original = Function.prototype.toString;
    vi.spyOn(Function.prototype, 'toString').mockImplementation(function (this: unknown) {
      return this === listener ? text : original.call(this);
    });
  }
  const server = { listeners: () => [listener] };
  resolver.serverListens(server);
  const request = async (key: object = {}) => {
    const record = new RequestRecord(key as never, server, 'GET', '/users/42');
    Object.assign(key, { [RECORD]: record });
    resolver.requestArrives(server);
    listener(key);
    await new Promise((resolve) => setImmediate(resolve));
    record.status = 200;
    return resolver.resolve(record).path;
  };
  return { request, failures: adapterFailures };
}

/** Sends requests, and expects that their paths are guessed and that this is reported once. */
async function expectFailure(framework: string, text: string, { request, failures }: Bench, keys: object[] = []) {
  for (let i = 0; i < 3; i++) expect(await request(keys[i])).toBe('/users/:id');
  expect(failures()).toEqual([{ framework, text }]);
  expect(logged).toEqual([
    `[@org/apm] could not read the routes of ${framework}: ${text}; its requests are counted by the shape of their paths. Report this with the versions of ${framework} and Node.js, and name the routes with APM_ROUTES`,
  ]);
}

class Layer {
  handle = () => {};
  match() {}
}
const expressApp = (router: object) => Object.assign(() => {}, { mountpath: '/', ...router });

it('reports an Express whose layers have no method that handles a request', async () => {
  const listener = expressApp({ router: Object.assign(() => {}, { stack: [new Layer()] }) });
  await expectFailure(
    'Express',
    'its layers have neither a method `handle_request` nor `handleRequest`',
    await bench('express', listener),
  );
});

it('reports an Express whose app has no router', async () => {
  await expectFailure('Express', 'its app has no property `router`', await bench('express', expressApp({})));
});

it('reports an Express whose router has no layers', async () => {
  const listener = expressApp({ router: { routes: [] } });
  await expectFailure('Express', '`app.router` has no layers', await bench('express', listener));
});

it('reports an Express whose mounts do not show their path', async () => {
  class Working extends Layer {
    route = undefined;
    handleRequest(request: object, _response: object, next: () => void): [object, () => void] {
      return [request, next];
    }
  }
  const layer = new Working();
  const router = Object.assign(() => {}, { stack: [layer], params: {} });
  const listener = Object.assign((request: object) => layer.handleRequest(request, {}, () => {}), {
    mountpath: '/',
    router,
  });
  await expectFailure('Express', 'its mounts have neither `regexp` nor `matchers`', await bench('express', listener));
});

it('reports a Fastify whose instances have no addHook', async () => {
  const { hookFastify } = await import('../../src/route/frameworks/fastify/index.ts');
  hookFastify({ fastify: { server: {} } });
  hookFastify({ fastify: { server: {} } });
  await expectFailure('Fastify', 'its instances have no method `addHook`', await bench('fastify', () => {}));
});

it('reports a Fastify whose requests have neither its context nor routeOptions, and lets the request pass', async () => {
  const { hookFastify } = await import('../../src/route/frameworks/fastify/index.ts');
  let hook: ((request: object, reply: object, done: () => void) => void) | undefined;
  hookFastify({ fastify: { server: {}, addHook: (_name: string, added: typeof hook) => (hook = added) } });
  const done = vi.fn();
  const listener = (raw: object) => hook?.({ raw, is404: false }, {}, done);
  const text = 'its requests have neither `routeOptions.url` nor `context.config.url`';
  await expectFailure('Fastify', text, await bench('fastify', listener));
  hook?.({}, {}, done);
  expect(done).toHaveBeenCalledTimes(4);
});

const KOA = '(req, res) => { const ctx = this.createContext(req, res); return this.handleRequest(ctx, fn); }';

it('reports a Koa whose app does not create contexts', async () => {
  const listener: Listener = (req) => {
    const request: { ctx: object; originalUrl?: string } = { ctx: { app: { middleware: [] }, req } };
    request.originalUrl = '/users/42';
  };
  listener.text = KOA;
  await expectFailure(
    'Koa',
    'its app lacks one of `createContext`, `callback`, `middleware` and `context`',
    await bench('koa', listener),
  );
});

const UNSEEN = 'its listener was found, but its first requests did not show the objects that have the routes';

it.each<[name: string, framework: AdapterName, text: string]>([
  ['Koa', 'koa', KOA],
  ['hapi', 'hapi', 'function (req, res) { if (this.settings.operations.cleanStop) {} }'],
  [
    'h3',
    'h3',
    'async function (req, res) { try {} catch (e) { await app.options.onError(e); console.error("[h3]"); } }',
  ],
])(
  'reports a %s whose first requests set none of the properties that it is known by',
  async (name, framework, text) => {
    const listener: Listener = () => {};
    listener.text = text;
    await expectFailure(name, UNSEEN, await bench(framework, listener));
  },
);

it('reports a framework that cannot be observed because Object.prototype is frozen', async () => {
  vi.spyOn(Reflect, 'defineProperty').mockReturnValue(false);
  const listener: Listener = () => {};
  listener.text = KOA;
  await expectFailure(
    'Koa',
    '`Object.prototype` is frozen, so its first requests cannot be observed',
    await bench('koa', listener),
  );
});

/** As Hono's router and server call a handler at the first request. */
function honoHandler(context: (request: object) => object): Listener {
  const handler = [() => 'ok', { path: '/users/:id', method: 'GET', handler: () => {} }];
  const requests = {
    get method() {
      return 'GET';
    },
    get url() {
      return '/users/42';
    },
  };
  const listener: Listener = (request) => {
    const handlers: unknown[] = [];
    if (Object.create(requests).method === 'GET') handlers.push([handler, '/users/:id']);
    (handler[0] as (context: object) => void)(context(request));
  };
  listener.text = '(incoming, outgoing) => fetch(request, { incoming, outgoing })';
  return listener;
}

it("reports a Hono whose contexts do not have Node's request", async () => {
  await expectFailure(
    'Hono',
    'its context has neither `env.incoming` nor a request of @hono/node-server',
    await bench(
      'hono',
      honoHandler(() => ({ env: {}, req: { raw: {} } })),
    ),
  );
});

it('reports an h3 1 whose events have no path', async () => {
  class Changed {
    __is_event__ = true;
    node: object;
    constructor(req: object) {
      this.node = { req };
    }
  }
  const listener: Listener = (request) => void (new Changed(request) as { captureError?: object }).captureError;
  listener.text = 'app.options.onError [h3]';
  await expectFailure('h3', 'its events have no getter `path`', await bench('h3', listener));
});

it('reports a connect without layers', async () => {
  const listener = Object.assign(() => {}, { route: '/', handle: () => {} });
  await expectFailure('connect', 'its app has no array `stack`', await bench('connect', listener));
});

it('reports a restify whose routes have no path, and a Next.js whose matches have none', async () => {
  const route = () => ({ serverName: 'restify', timers: [], route: { spec: {}, chain: {} } });
  await expectFailure('restify', 'its routes have no `path`', await bench('restify', () => {}), [
    route(),
    route(),
    route(),
  ]);
  vi.resetModules();
  logged = [];
  const matched = () => ({ [Symbol.for('NextInternalRequestMeta')]: { match: {} } });
  await expectFailure('Next.js', 'its matches have no `definition.pathname`', await bench('next', () => {}), [
    matched(),
    matched(),
    matched(),
  ]);
});

it.each<[what: string, framework: AdapterName, listener: Listener]>([
  ['an Express app that has no routes yet', 'express', expressApp({ lazyrouter: () => {}, _router: undefined })],
  ['a mounted function with an array of something else', 'express', Object.assign(() => {}, { stack: [new Date()] })],
  ["an app's own listener", 'koa', () => {}],
  [
    "an app's own listener with the names of Hono's server",
    'hono',
    Object.assign(() => {}, { text: '(incoming, outgoing) => {}' }),
  ],
])('does not report %s', async (_what, framework, listener) => {
  const { request, failures } = await bench(framework, listener);
  for (let i = 0; i < 5; i++) expect(await request()).toBe('/users/:id');
  expect(failures()).toEqual([]);
  expect(logged).toEqual([]);
});
