// Serves one app of Hono. The arguments name its router, and how its server calls it.
const [, , kind, by] = process.argv;

const routers = {
  SmartRouter: async () => new (await import('hono')).Hono(),
  quick: async () => new (await import('hono/quick')).Hono(),
  tiny: async () => new (await import('hono/tiny')).Hono(),
  RegExpRouter: () => withRouter('reg-exp-router', 'RegExpRouter'),
  TrieRouter: () => withRouter('trie-router', 'TrieRouter'),
  LinearRouter: () => withRouter('linear-router', 'LinearRouter'),
  PatternRouter: () => withRouter('pattern-router', 'PatternRouter'),
};

async function withRouter(folder, name) {
  const { Hono } = await import('hono');
  const { [name]: Router } = await import(`hono/router/${folder}`);
  return new Hono({ router: new Router() });
}

const app = await routers[kind]();
app.all('/all/:id', (context) => context.text('all'));
app.all('/read/:id', (context) => context.text(context.req.param('id')));
app.on('PURGE', '/cache/:id', (context) => context.text('purged'));
app.use('/closed/*', (context, next) => (context.req.query('key') ? next() : context.text('no', 401)));
app.all('/closed/:thing', (context) => context.text('thing'));
app.use('/pong', (context) => context.text('pong'));

const servers = {
  async serve() {
    const { serve } = await import('@hono/node-server');
    return serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  },
  async createAdaptorServer() {
    const { createAdaptorServer } = await import('@hono/node-server');
    return createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }).listen(0, '127.0.0.1');
  },
  async 'a fetch that waits'() {
    const { serve } = await import('@hono/node-server');
    const fetch = async (request, env) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return app.fetch(request, env);
    };
    return serve({ fetch, port: 0, hostname: '127.0.0.1' });
  },
  async 'a fetch without the environment'() {
    const { serve } = await import('@hono/node-server');
    return serve({ fetch: (request) => app.fetch(request), port: 0, hostname: '127.0.0.1' });
  },
  async Express() {
    const { default: express } = await import('express');
    const { getRequestListener } = await import('@hono/node-server');
    const outer = express();
    outer.use('/tenants/:tenant', getRequestListener(app.fetch));
    return outer.listen(0, '127.0.0.1');
  },
  async 'routers of Express'() {
    const { default: express } = await import('express');
    const { getRequestListener } = await import('@hono/node-server');
    const outer = express();
    outer.use('/:tenant', express.Router().use('/hono', getRequestListener(app.fetch)));
    return outer.listen(0, '127.0.0.1');
  },
  async Fastify() {
    const { default: Fastify } = await import('fastify');
    const { getRequestListener } = await import('@hono/node-server');
    const listener = getRequestListener(app.fetch);
    const outer = Fastify();
    outer.addHttpMethod?.('PURGE');
    outer.all('/*', (request, reply) => {
      reply.hijack();
      listener(request.raw, reply.raw);
    });
    await outer.listen({ port: 0, host: '127.0.0.1' });
    return outer.server;
  },
};

const server = await servers[by]();
if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
console.log('listening', server.address().port);
