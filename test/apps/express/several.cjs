// Several servers in one process. Each uses a different copy of Express or of its router.
const { createServer } = require('node:http');
const { createRequire } = require('node:module');
const express4 = require('express4');
const express5 = require('express');

const ofExpress5 = createRequire(require.resolve('express'));
const finalhandler = ofExpress5('finalhandler');
const routers = { router: ofExpress5('router'), router22: require('router22') };

const ok = (_request, response) => response.end('ok');

function app(express) {
  const nested = express.Router({ mergeParams: true });
  nested.get('/leaf/:leaf', ok);
  const app = express();
  app.get('/here/:id', ok);
  app.use('/nested/:id', nested);
  return app;
}

function bare(Router) {
  const nested = new Router({ mergeParams: true });
  nested.get('/leaf/:leaf', ok);
  const router = new Router();
  router.get('/here/:id', ok);
  router.use('/nested/:id', nested);
  return router;
}

const both = app(express5);
both.use('/old/:version', app(express4));

const empty = express5();
setTimeout(() => {
  empty.enable('case sensitive routing');
  empty.get('/here/:id', ok);
  console.log('empty no more');
}, 50);

const listeners = {
  express4: app(express4),
  express5: app(express5),
  both,
  empty,
};
for (const [name, Router] of Object.entries(routers)) {
  const router = bare(Router);
  listeners[name] = (request, response) => router(request, response, finalhandler(request, response));
}

for (const [name, listener] of Object.entries(listeners)) {
  const server = createServer(listener).listen(0, '127.0.0.1', () => console.log(name, server.address().port));
}
