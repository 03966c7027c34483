import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';

const app = new Hono();
app.use(async (context, next) => {
  const answer = context.req.header('x-answer');
  if (answer === 'error') throw new Error('meant to fail');
  if (answer !== undefined) return context.body(null, Number(answer) as 200);
  await next();
});
app.use('/admin/*', async (context, next) => (context.req.query('key') ? next() : context.text('no', 401)));
app.get('/admin/users/:id', (context) => context.text('user'));
app.use('/static/*', serveStatic({ root: './' }));

app.get('/', (context) => context.text('root'));
app.get('/users/me', (context) => context.text('me'));
app.get('/users/:id', (context) => context.text(context.req.param('id')));
app.post('/users/:id', async (context) => {
  const text = await context.req.text();
  return context.text(text, text === '' ? 400 : 200);
});
app.get('/maybe/:x?', (context) => context.text('maybe'));
app.get('/files/*', (context) => context.text('file'));
app.get('/years/:year{[0-9]{4}}', (context) => context.text('year'));
app.all('/any/:thing', (context) => context.text('any'));
app.on(['PUT', 'DELETE'], ['/on/:one', '/off/:one'], (context) => context.text('on'));
app.get('/fails/:id', () => {
  throw new Error('meant to fail');
});
app.get('/gone/:id', (context) => context.notFound());
app.get(
  '/several/:x',
  async (_context, next) => next(),
  (context) => context.text('the last'),
);
app.get('/raw/:id', () => new Response('raw'));

const items = new Hono();
items.get('/items/:item', (context) => context.text('item'));
items.get('/fails/:id', () => {
  throw new Error('meant to fail');
});
items.onError((_error, context) => context.text('down', 503));
app.route('/api/:tenant', items);
app.route(
  '/',
  new Hono().basePath('/based').get('/:x', (context) => context.text('based')),
);

const mounted = new Hono();
mounted.get('/inside/:x', (context) => context.text('inside'));
app.mount('/mounted', mounted.fetch);

app.onError((_error, context) => context.text('failed', 500));
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log('listening', port));
