import * as koaRouter from '@koa/router';
import Koa from 'koa';
import mount from 'koa-mount';

// The versions of the router differ in what they export it as.
// biome-ignore lint/suspicious/noExplicitAny: so types cannot be had
const found = koaRouter as any;
const Router = found.default?.default ?? found.default ?? found;

const answer = (text: string) => (context: Koa.Context) => {
  context.body = text;
};

function app() {
  const made = new Koa();
  made.silent = true;
  return made;
}

const leaves = new Router();
leaves.get('/leaf/:leaf', answer('leaf'));
leaves.get('/', answer('root of leaves'));

const api = new Router({ prefix: '/api' });
api.use((_context: Koa.Context, next: Koa.Next) => next());
api.get('/users/:id', answer('user'));
api.post('/users/:id', (context: Koa.Context) => context.throw(400, 'bad'));
api.get('named', '/named/:id', answer('named'));
api.get('/fails/:id', () => {
  throw new Error('meant to fail');
});
api.get('/gone/:id', (context: Koa.Context) => context.throw(404));
api.all('/any/:thing', answer('any'));
api.use('/deep/:level', leaves.routes());

const patterns = new Router();
patterns.get(/^\/rx\/(\d+)$/, answer('pattern'));
// A path that this does not fit takes it years. Only requests that are answered before it may have such a path.
patterns.get(/^\/slow\/([a-z]+)+$/, answer('slow'));
patterns.get(['/one', '/two/:x'], answer('several'));
patterns.get('/first/:x', (_context: Koa.Context, next: Koa.Next) => next());

for (const rest of ['(.*)', '*rest']) {
  try {
    patterns.get(`/kept/${rest}`, answer('kept'));
  } catch {
    // The syntax of another version.
  }
}

const later = new Router();
later.get('/first/:y', answer('the second one'));

// Middleware of a router answers or fails before the route does.
const check = (context: Koa.Context, next: Koa.Next) => {
  const { refuse } = context.query;
  if (refuse === undefined) return next();
  if (refuse === 'throw') throw new Error('meant to fail');
  if (refuse === '302') return context.redirect('/login');
  context.status = Number(refuse);
  return undefined;
};
const notes = new Router();
notes.use(check);
notes.get('/notes/:note', answer('note')).get('/', answer('notes'));
const guarded = new Router({ prefix: '/guarded' });
guarded.use(check);
guarded.get('/users/me', answer('me'));
guarded.get('/users/:id', answer('user')).post('/users/:id', answer('changed'));
guarded.use('/admin', check);
guarded.get('/admin/:page', answer('page'));
guarded.all('/any/:thing', answer('any'));
guarded.param('member', (member: string, context: Koa.Context, next: Koa.Next) =>
  member === 'nobody' ? context.throw(400) : next(),
);
guarded.get('/members/:member', answer('member'));
guarded.use('/of/:owner', notes.routes());
guarded.redirect('/old', '/guarded/new');
const tenants = new Router({ prefix: '/tenants/:tenant' });
tenants.use(check);
tenants.get('/bills/:bill', answer('bill'));

const item = app();
const items = new Router();
items.use(check);
items.get('/item/:id', answer('item')).get('/', answer('items'));
items.get(/^\/rx\/(\d+)$/, answer('pattern'));
item.use(items.routes());
const inner = app();
inner.use(mount('/inner', item));

const root = app();
// Middleware of the app answers or fails before there is a router.
root.use((context, next) => {
  const { early } = context.query;
  if (early === undefined) return next();
  if (early === 'throw') throw new Error('meant to fail');
  if (early === '301') return context.redirect('/elsewhere');
  context.status = Number(early);
  return undefined;
});
// A path that is written anew before it is routed: what it was is nobody's prefix.
root.use((context, next) => {
  context.path = context.path.replace(/^\/tenant-\w+/, '/api');
  return next();
});
root.use(mount('/outer', inner));
root.use(mount('/outer2', item));
root.use(mount('/files', answer('file')));
root.use(api.routes()).use(api.allowedMethods());
root.use(patterns.routes()).use(later.routes());
root.use(guarded.routes()).use(tenants.routes());
const server = root.listen(0, '127.0.0.1', () => console.log('listening', (server.address() as { port: number }).port));
