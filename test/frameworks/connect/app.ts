// What each request must be counted as is in table.ts.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import connect from 'connect';

const ok = (_request, response) => response.end('ok');

const app = connect();
app.use((_request, _response, next) => setImmediate(next));
// Something before the mounts answers.
app.use((request, response, next) => {
  const early = request.headers['x-early'];
  if (early === undefined) return next();
  if (early === 'error') throw new Error('thrown');
  response.statusCode = Number(early);
  response.end();
});
app.use('/passed', (_request, _response, next) => next());
app.use('/api', (request, response, next) => {
  if (request.url.startsWith('/fails')) throw new Error('thrown');
  if (request.url.startsWith('/rejects')) return next(Object.assign(new Error('rejected'), { status: 503 }));
  if (request.url === '/missing') response.statusCode = 404;
  response.end('ok');
});

const inner = connect();
inner.use('/leaf/none', ok);
inner.use((request, response) => {
  if (request.url === '/throws') throw new Error('thrown');
  response.end('ok');
});
const outer = connect();
outer.use('/inner', inner);
outer.use(ok);
app.use('/outer', outer);
app.use('/broken', () => {
  throw new Error('thrown');
});

app.use((request, response, next) => {
  if (request.url.startsWith('/rewritten')) request.url = '/index.html';
  if (!/^\/(health|orders|index)/.test(request.url)) return next();
  response.end('ok');
});
app.use((error, _request, response, _next) => {
  response.statusCode = error.status ?? 500;
  response.end('error');
});

const server = createServer(app);
server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
