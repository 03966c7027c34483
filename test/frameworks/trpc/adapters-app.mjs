// Serves procedures behind one route. The arguments name the framework, and the package of the procedures.
const [, , framework, rpc] = process.argv;

const listening = (server) => {
  const print = () => console.log('listening', server.address().port);
  if (server.listening) print();
  else server.once('listening', print);
};

async function createTrpcRouter() {
  const { initTRPC } = await import(rpc);
  const { router, procedure } = initTRPC.create();
  const list = procedure.query(() => ['a', 'b']);
  const save = procedure.mutation(() => 'saved');
  const fails = procedure.query(() => {
    throw new Error('meant to fail');
  });
  return router({ user: router({ list, save, fails }), post: router({ list }) });
}

async function createFetchHandler(endpoint) {
  if (rpc !== '@orpc/server') {
    const { fetchRequestHandler } = await import(`${rpc}/adapters/fetch`);
    const router = await createTrpcRouter();
    return (req) => fetchRequestHandler({ endpoint, req, router });
  }
  const { os } = await import('@orpc/server');
  const { RPCHandler } = await import('@orpc/server/fetch');
  const handler = new RPCHandler({ planet: { list: os.handler(() => ['earth']), find: os.handler(() => 'mars') } });
  return async (request) => {
    const { response } = await handler.handle(request, { prefix: endpoint, context: {} });
    return response ?? new Response('none', { status: 404 });
  };
}

const servers = {
  async express() {
    const { default: express } = await import('express');
    const { createExpressMiddleware } = await import(`${rpc}/adapters/express`);
    const app = express();
    app.use('/trpc', createExpressMiddleware({ router: await createTrpcRouter() }));
    return app.listen(0, '127.0.0.1');
  },
  async fastify() {
    const { default: Fastify } = await import('fastify');
    const { fastifyTRPCPlugin } = await import(`${rpc}/adapters/fastify`);
    const app = Fastify();
    app.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions: { router: await createTrpcRouter() } });
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  },
  async hono() {
    const { Hono } = await import('hono');
    const { serve } = await import('@hono/node-server');
    const handle = await createFetchHandler('/trpc');
    const app = new Hono().all('/trpc/*', (context) => handle(context.req.raw));
    return serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  },
  async http() {
    const { createServer } = await import('node:http');
    const { createHTTPHandler } = await import(`${rpc}/adapters/standalone`);
    const handle = createHTTPHandler({ router: await createTrpcRouter() });
    return createServer((request, response) => {
      if (request.url === '/health') response.end('ok');
      else handle(request, response);
    }).listen(0, '127.0.0.1');
  },
};

listening(await servers[framework]());
