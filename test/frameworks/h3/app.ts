import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as h3 from 'h3';

// Versions 1 and 2 have little more than the name in common.
// biome-ignore lint/suspicious/noExplicitAny: so types cannot be had
const all = h3 as any;

function version1() {
  const { createApp, createRouter, createError, eventHandler, toNodeListener, useBase } = all;
  const app = createApp({ onError: () => {} });
  app.use(
    eventHandler(async (event: { node: { req: IncomingMessage; res: ServerResponse } }) => {
      await null;
      const { 'x-answer': answer = '0' } = event.node.req.headers;
      if (Number(answer) >= 500) throw createError({ statusCode: Number(answer) });
      if (Number(answer) > 0) event.node.res.writeHead(Number(answer)).end();
    }),
  );
  const router = createRouter();
  const routes = (target: typeof router) =>
    target
      .get(
        '/users/:id',
        eventHandler(() => 'user'),
      )
      .post(
        '/users/:id',
        eventHandler(() => 'made'),
      )
      .get(
        '/files/**',
        eventHandler(() => 'file'),
      )
      .get(
        '/fails/:id',
        eventHandler(() => fail()),
      )
      .get(
        '/gone/:id',
        eventHandler(() => fail(createError({ statusCode: 404 }))),
      );
  routes(router);
  router.use('/api/**', useBase('/api', routes(createRouter()).handler));
  app.use('/mounted', routes(createRouter()));
  app.use(router);
  const server = createServer(toNodeListener(app)).listen(0, '127.0.0.1', () => {
    console.log('listening', (server.address() as { port: number }).port);
  });
}

function version2() {
  const { H3, HTTPError, serve } = all;
  const status = (event: { req: Request }, name: string) => Number(event.req.headers.get(name) ?? 0);
  const onRequest = (event: { req: Request }) => {
    if (status(event, 'x-early') > 0) throw new HTTPError({ status: status(event, 'x-early') });
  };
  const routes = () =>
    new H3({ silent: true, onRequest })
      .get('/users/:id', () => 'user')
      .post('/users/:id', () => 'made')
      .get('/files/**', () => 'file')
      .get('/fails/:id', () => fail())
      .get('/gone/:id', () => fail(new HTTPError({ status: 404 })));
  const app = routes();
  app.use(async (event: { req: Request }, next: () => unknown) => {
    const answer = status(event, 'x-answer');
    if (answer >= 500) throw new HTTPError({ status: answer });
    return answer > 0 ? new Response(null, { status: answer }) : next();
  });
  app.mount('/api', routes());
  app.mount('/mounted', routes());
  const server = serve(app, { port: 0, hostname: '127.0.0.1', silent: true });
  server.ready().then(() => console.log('listening', new URL(server.url).port));
}

function fail(error = new Error('meant to fail')): never {
  throw error;
}

if (all.H3 === undefined) version1();
else version2();
