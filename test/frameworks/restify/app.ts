// What each request must be counted as is in table.ts.
import restify from 'restify';
import errors from 'restify-errors';

const server = restify.createServer();
const ok = (_request, response, next) => {
  response.send(200, 'ok');
  next();
};

// Before any route is looked for.
server.pre((request, response, next) => {
  const early = request.headers['x-early'];
  if (early === undefined) return next();
  if (early === 'error') return next(new Error('failed'));
  response.send(Number(early));
  next(false);
});
server.pre((request, response, next) => {
  if (request.url !== '/maintenance') return next();
  response.send(503, 'later');
  next(false);
});
// Before the handlers of a route.
server.use((request, response, next) => {
  if (!request.url.startsWith('/guarded')) return next();
  response.send(401, 'who?');
  next(false);
});

server.get('/', ok);
server.get('/users/:id', ok);
server.head('/users/:id', ok);
server.post('/users/:id', (_request, response, next) => {
  response.send(201);
  next();
});
server.get('/api/v1/items/:item/parts/:part', ok);
server.get('/files/*', ok);
server.get('/numbers/:number(^\\d+$)', ok);
server.get('/missing/:id', (_request, response, next) => {
  response.send(404, 'no such thing');
  next();
});
server.get('/guarded/:id', ok);
server.get('/throws/:id', (_request, _response, next) => next(new Error('failed')));
server.get('/fails/:id', (_request, _response, next) => next(new errors.ServiceUnavailableError('failed')));
server.get('/rejects/:id', async () => {
  throw new Error('rejected');
});
server.opts('/hello', ok);
server.get('/hello', ok);

server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
