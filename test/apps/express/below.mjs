// Express below something that removes the start of `request.url`:
//   below.mjs WAY express|express-4
// Each server has `/users/:id` of its own or of another app, and an app with `/users/:id` under `/admin`.
// It is copied next to the packages.
import { createServer } from 'node:http';
import connect from 'connect';
import polka from 'polka';

const [, , way, version] = process.argv;
const { default: express } = await import(version);

function app(name) {
  const router = express.Router({ mergeParams: true });
  router.get('/items/:item', (_request, response) => response.end(name));
  const made = express();
  made.use((request, response, next) => (request.headers['x-stop'] ? response.status(401).end() : next()));
  // The app's own rewriting is no cut.
  made.use((request, _response, next) => {
    request.url = request.url.replace(/^\/en(?=\/)/, '');
    next();
  });
  made.get('/', (_request, response) => response.end(name));
  made.get('/users/:id', (_request, response) => response.end(name));
  made.get('/fails/:id', (_request, _response, next) => next(new Error('failed')));
  made.use('/teams/:team', router);
  made.use((_error, _request, response, _next) => response.status(500).end());
  return made;
}

const main = app('main');
const admin = app('admin');

/** Removes what is before `start` of the path. */
const without = (request, start) => {
  request.url = request.url.slice(start.length).replace(/^(?!\/)/, '/');
};

const ways = {
  listener: () =>
    createServer((request, response) => {
      if (!/^\/admin(?![^/?])/.test(request.url)) return main(request, response);
      without(request, '/admin');
      admin(request, response);
    }),
  // Each tenant has a name in front of the path.
  tenants: () =>
    createServer((request, response) => {
      without(request, /^\/[^/?]*/.exec(request.url)[0]);
      admin(request, response);
    }),
  languages: () =>
    createServer((request, response) => {
      const language = /^\/(\w+)/.exec(request.url)?.[1];
      request.locale = { en: 'en-GB', de: 'de-DE' }[language] ?? 'en-GB';
      request.isKnown = ['en', 'de'].includes(language);
      without(request, `/${language}`);
      admin(request, response);
    }),
  // One slash in place of many.
  slashes: () =>
    createServer((request, response) => {
      request.url = request.url.replace(/\/{2,}/g, '/');
      admin(request, response);
    }),
  stage: () =>
    createServer((request, response) => {
      request.originalUrl = request.url;
      without(request, '/stage/v2');
      admin(request, response);
    }),
  connect: () => createServer(connect().use('/admin', admin).use(main)),
  polka: () =>
    createServer(
      polka()
        .use('/admin', admin)
        .get('/users/:id', (_request, response) => response.end('main'))
        .get('/en/users/:id', (_request, response) => response.end('main')).handler,
    ),
  middie: () => inFastify('@fastify/middie'),
  express: () => inFastify('@fastify/express'),
};

/** @param name of a plugin with which Fastify takes middleware */
async function inFastify(name) {
  const { default: fastify } = await import('fastify');
  const { default: plugin } = await import(name);
  const server = fastify();
  await server.register(plugin);
  server.use('/admin', admin);
  server.get('/users/:id', () => 'main');
  server.get('/en/users/:id', () => 'main');
  server.get('/', () => 'main');
  await server.ready();
  return server.server;
}

const server = await ways[way]();
server.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
