// The same app for every version of Express. What each request must be counted as is in table.ts.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';

/** The path syntax of which differs. */
const is4 = 'lazyrouter' in express.application;

const ok = (_request, response) => response.send('ok');
const pass = (_request, _response, next) => next();
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Middleware that answers as a header of the request says: with a status, or by an error. */
const answersBefore = (header) => (request, response, next) => {
  const told = request.headers[header];
  if (told === undefined) return next();
  if (told === 'throws') throw new Error('thrown');
  if (told === 'fails') return next(Object.assign(new Error('failed'), { status: 503 }));
  if (told.startsWith('30')) response.setHeader('location', '/elsewhere');
  response.status(Number(told)).end();
};

function build() {
  const app = express();
  const rest = is4 ? '*' : '*rest';
  app.use(pass);
  app.use(answersBefore('x-before'));
  // As Sails does.
  app.use((request, _response, next) => {
    if (request.headers['x-base']) request.baseUrl = request.headers['x-base'];
    next();
  });

  // Routes of the app itself.
  app.get('/', ok);
  app.get('/users/:id', ok);
  app.post('/users/:id', (_request, response) => response.status(201).send());
  app.get('/Mixed/:Case', ok);
  app.get('/from/:a-:b', ok);
  app.get(is4 ? '/maybe/:x?' : '/maybe{/:x}', ok);
  app.get(`/files/${rest}`, (request, response) => response.status(request.path.includes('none') ? 404 : 200).send());
  app.get(/^\/rx\/(\d+)$/, ok);
  // A path that this does not fit takes it years. Only requests that are answered before it may have such a path.
  app.get(/^\/slow\/([a-z]+)+$/, ok);
  app.use(/^\/slow-mount\/([a-z]+)+!/, ok);
  app.get(['/one', '/two/:x', /^\/three\/\d+$/], ok);
  app.all('/all', ok);
  app.route('/books/:isbn').get(ok).put(ok);
  app.get('/missing/:id', (_request, response) => response.status(404).send('no such thing'));

  // Requests that routes and middleware pass on.
  app.get('/next/:id', (_request, _response, next) => next('route'), ok);
  app.get('/next/:other', pass, [pass, ok]);
  app.get('/passed', pass);
  app.get('/sent/:id', (_request, response, next) => {
    response.send('ok');
    next();
  });
  app.get('/sent/:other', pass);
  app.use('/through/:x', pass);
  app.get('/through/:y', ok);
  app.use(`/wide/:x`, pass);
  app.use(`/wide/${rest}`, pass, (_request, response, next) => (response.locals.skip ? next() : response.send('ok')));

  // Errors.
  app.get('/throws/:id', () => {
    throw new Error('thrown');
  });
  app.get('/fails/:id', (_request, _response, next) => next(Object.assign(new Error('failed'), { status: 503 })));
  app.get('/rejects/:id', async (_request, _response, next) => {
    await later(1);
    if (is4) return next(new Error('rejected'));
    throw new Error('rejected');
  });

  // Mounts.
  const api = express.Router({ mergeParams: true });
  api.use(pass);
  api.use(answersBefore('x-within'));
  api.get('/', ok);
  api.get(/^\/rx\/(\d+)\/?$/, ok);
  api.get('/items/:item', ok);
  api.get('/fails/:id', (_request, _response, next) => next(new Error('failed')));
  api.get('/leave/:id', (_request, _response, next) => next('router'), ok);
  api.get('/leave/:id', ok);
  api.use('/plain', (_request, response) => response.send('ok'));
  const deep = express.Router({ mergeParams: true });
  deep.get('/', ok);
  deep.get('/leaf/:leaf', (request, response) => response.json(request.params));
  deep.get(['/either', '/or/:x'], ok);
  api.use('/deep/:level', deep);
  app.use('/api', api);
  app.use('/tenants/:tenant', api);
  app.use('/tenants/:tenant/again', api);
  app.use(['/first', '/second/:x'], deep);
  app.use(/^\/pattern\d+/, deep);
  app.use('/MixedMount', deep);
  app.use('/slashed/', deep);
  app.get('/api/leave/:after', ok);

  const inner = express.Router();
  inner.use('/within', deep);
  app.use(inner);

  const sub = express();
  sub.get('/', ok);
  sub.get('/page/:page', ok);
  sub.get('/fails', (_request, _response, next) => next(new Error('failed')));
  sub.use('/router/:r', deep);
  const subsub = express();
  subsub.get('/:leaf', ok);
  sub.use('/sub', subsub);
  app.use('/app/:tenant', sub);

  // Answers of mounted middleware.
  app.use('/static', express.static(process.cwd()));
  app.use('/graphql', (_request, response) => response.send('ok'));
  app.use('/hooks/:hook', async (_request, response) => {
    await later(1);
    response.send('ok');
  });
  app.get('/guarded/:id', express.Router().use(pass).get('/guarded/other', ok), ok);

  // Middleware of mounts fails, and the error is answered outside of them.
  app.use('/gql', express.json(), (request, response) => response.json(request.body));
  app.use('/clients/:client/db', (_request, _response, next) => next(new Error('failed')));
  const strict = express.Router();
  strict.use('/broken', () => {
    throw new Error('rejected');
  });
  strict.get('/:id', ok);
  strict.use((_request, _response, next) => next(Object.assign(new Error('no such path'), { status: 404 })));
  app.use('/strict/:level', strict);
  app.use('/recovers', (_request, _response, next) => next(new Error('failed')));
  app.use('/recovers', (_error, _request, _response, next) => next());
  app.get('/recovers/:id', ok);

  // Routes that load what a renderer at the end answers with.
  const load = (request, response, next) => {
    response.locals.page = request.params.page;
    next();
  };
  app.get(`/pages/${rest}`, pass);
  app.get('/pages/:page', load);
  app.use('/pages/:page', pass);
  app.use('/sites/:site', express.Router().get('/pages/:page', load).all('/:other/:more', pass));
  app.use((_request, response, next) => {
    const { page } = response.locals;
    if (page === undefined || page === 'none') return next();
    if (page === 'broken') return next(new Error('failed'));
    response.send('rendered');
  });

  // Parameters with a callback.
  const people = express.Router();
  people.param('person', async (_request, response, next, person) => {
    if (Number(person) % 3 === 0) await later(Math.random() * 4);
    if (person === 'nobody') return response.status(404).send('nobody');
    if (person === 'broken') return next(new Error('broken'));
    next(person === 'skipped' ? 'route' : undefined);
  });
  people.get('/:person', ok);
  people.get('/:person/pets/:pet', ok);
  people.use('/:person/friends', deep);
  app.use('/people', people);
  app.use('/groups/:group', people);
  app.use('/staff/:person/of', people);
  app.param('root', (_request, response, next, root) => {
    if (root === 'nobody') return response.status(404).send('nobody');
    next(root === 'broken' ? new Error('broken') : undefined);
  });
  app.get('/rooted/:root', ok);
  app.use('/people', (request, response, next) => (request.path === '/skipped' ? response.send('ok') : next()));

  app.use((error, _request, response, _next) => response.status(error.status ?? 500).send('error'));
  return app;
}

// Behind a function of the app's own, the framework does not show before a request has gone through it.
const app = build();
const wrapped = process.argv.includes('--wrapped');
const server = createServer(wrapped ? (request, response) => app(request, response) : app);
server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
