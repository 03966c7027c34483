// What each request must be counted as is in table.ts.
import polka from 'polka';

const ok = (_request, response) => response.end('ok');

const sub = polka();
sub.get('/items/:item', ok);

const app = polka();
app.use((_request, _response, next) => setImmediate(next));
// Something before the routes answers.
app.use((request, response, next) => {
  const early = request.headers['x-early'];
  if (early === undefined) return next();
  if (early === 'error') return next(new Error('failed'));
  response.statusCode = Number(early);
  response.end();
});
app.use('/guarded', (_request, response) => {
  response.statusCode = 401;
  response.end('who?');
});
app.use('/mounted', ok);
app.use('/app', sub);

app.get('/', ok);
app.get('/health', ok);
app.get('/users/:id', ok);
app.head('/heads/:id', ok);
app.post('/users/:id', (_request, response) => {
  response.statusCode = 201;
  response.end();
});
app.get('/teams/:team/members/:member', ok);
app.get('/by-name/:name/posts', ok);
app.get('/reports/:month.json', ok);
app.get('/maybe/:x?', ok);
app.get('/files/*', ok);
app.get('/trees/:tree/*', ok);
app.get('/missing/:id', (_request, response) => {
  response.statusCode = 404;
  response.end('no such thing');
});
// Handlers that change what the router gave them.
app.get('/numbered/:number', (request, response) => {
  request.params.number = Number(request.params.number);
  response.end('ok');
});
app.get('/decoded/:text', (request, response) => {
  request.params.text = decodeURIComponent(request.params.text);
  response.end('ok');
});
app.get('/guarded/:id', ok);
app.get('/fails/:id', (_request, _response, next) => next(Object.assign(new Error('failed'), { status: 503 })));
app.get('/broken/:id', (_request, _response, next) => next(new Error('broken')));

app.listen(0, '127.0.0.1', () => console.log(`listening ${app.server.address().port}`));
