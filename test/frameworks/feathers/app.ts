import { NotAuthenticated, NotFound } from '@feathersjs/errors';
import { feathers } from '@feathersjs/feathers';
// @feathersjs/koa or @feathersjs/express: each version installs one of them under this name.
import * as installed from 'transport';

// biome-ignore lint/suspicious/noExplicitAny: their types differ
const transport: any = 'koa' in installed ? installed : ((installed as any).default.default ?? installed.default);

class Messages {
  async find() {
    return [];
  }
  async get(id: string) {
    if (id === 'gone') throw new NotFound();
    if (id === 'secret') throw new NotAuthenticated();
    if (id === 'broken') throw new Error('meant to fail');
    return { id };
  }
  async create(data: unknown) {
    return data;
  }
  async patch(id: string) {
    return { id };
  }
  async remove(id: string) {
    return { id };
  }
  async archive(data: unknown) {
    return data;
  }
}

const methods = ['find', 'get', 'create', 'patch', 'remove', 'archive'];

function onKoa() {
  const app = transport.koa(feathers());
  // biome-ignore lint/suspicious/noExplicitAny: Koa's types are not installed
  app.use(async (context: any, next: () => Promise<void>) => {
    if (context.query.early === undefined) await next();
    else context.status = Number(context.query.early);
  });
  app.use(transport.errorHandler());
  app.use(transport.bodyParser());
  app.configure(transport.rest());
  return app;
}

function onExpress() {
  const app = transport(feathers());
  // biome-ignore lint/suspicious/noExplicitAny: Express's types are not installed
  app.use((request: any, response: any, next: () => void) => {
    if (request.query.early === undefined) next();
    else response.status(Number(request.query.early)).end();
  });
  app.use(transport.json());
  app.configure(transport.rest());
  return app;
}

const app = transport.koa ? onKoa() : onExpress();
app.use('messages', new Messages(), { methods });
app.use('users/:userId/notes', new Messages(), { methods });
if (!transport.koa) app.use(transport.notFound()).use(transport.errorHandler({ logger: false }));
// biome-ignore lint/suspicious/noExplicitAny: Node's server
app.listen(0, '127.0.0.1').then((server: any) => {
  const report = () => console.log('listening', server.address().port);
  if (server.listening) report();
  else server.once('listening', report);
});
