// A Sails app in one file: routes, an action with a policy, errors, a redirect, and middleware before the router.
const { constructor: Sails } = require('sails');

const answer = (request, response) => response.json({ id: request.params.id });

new Sails().lift(
  {
    appPath: __dirname,
    port: Number(process.env.PORT ?? 1337),
    explicitHost: '127.0.0.1',
    environment: 'development',
    log: { level: 'error' },
    hooks: { grunt: false, session: false, views: false, pubsub: false, i18n: false },
    globals: false,
    routes: {
      'GET /': answer,
      'GET /users/:id': answer,
      'POST /users': answer,
      'GET /users/:id/orders/:order': answer,
      'GET /failing/:id': (_request, response) => response.serverError(new Error('failed')),
      'GET /missing/:id': (_request, response) => response.notFound(),
      'GET /pets/:id': { action: 'pets/show' },
      'GET /old/:id': '/users/1',
      'GET /files/*': { skipAssets: false, fn: answer },
    },
    http: {
      middleware: {
        order: ['stop', 'router', 'www'],
        stop: (request, response, next) => (request.headers['x-stop'] ? response.status(401).end() : next()),
      },
    },
    policies: {
      'pets/*': (request, response, proceed) => (request.params.id === 'nobody' ? response.forbidden() : proceed()),
    },
    controllers: { moduleDefinitions: { 'pets/show': answer } },
  },
  (error, sails) => {
    if (error) throw error;
    console.log('listening', sails.hooks.http.server.address().port);
  },
);
