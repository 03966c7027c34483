// A service with twenty routes, four of them mounted below a prefix. It exists for each framework, with the same
// answers.
const http = require('node:http');

const BODY = JSON.stringify({ id: 42, name: 'a small answer', tags: ['a', 'b'] });
const HEADERS = { 'content-type': 'application/json', 'content-length': BODY.length };

const ROUTES = [
  '/',
  '/search',
  '/users',
  '/users/:id',
  '/users/:id/orders',
  '/users/:id/orders/:order',
  '/orders',
  '/orders/:id',
  '/orders/:id/items',
  '/orders/:id/items/:item',
  '/carts/:id',
  '/carts/:id/items',
  '/brands',
  '/brands/:brand/prices',
  '/photos/:id',
  '/notes/:id',
];
const MOUNT = '/stores/:store';
const MOUNTED = ['/items', '/items/:item', '/teams', '/teams/:team'];
/**
 * Number of ids for each parameter. They repeat, so that the heuristic used without adapters finds them in its cache.
 */
const IDS = 10;

/** The requested paths and their routes. Every route is requested equally often. */
const targets = [];
for (let id = 1; id <= IDS; id++) {
  for (const route of [...ROUTES, ...MOUNTED.map((path) => MOUNT + path)]) {
    targets.push({ path: route.replaceAll(/:\w+/g, String(100 + id)), route });
  }
}

const reply = (_, response) => response.writeHead(200, HEADERS).end(BODY);

function expressApp() {
  const express = require('express');
  const app = express();
  for (const path of ROUTES) app.get(path, reply);
  const part = express.Router();
  for (const path of MOUNTED) part.get(path, reply);
  return app.use(MOUNT, part);
}

async function fastifyServer() {
  const app = require('fastify')();
  const answer = (_, response) => void response.headers(HEADERS).send(BODY);
  for (const path of ROUTES) app.get(path, answer);
  app.register(
    async (part) => {
      for (const path of MOUNTED) part.get(path, answer);
    },
    { prefix: MOUNT },
  );
  await app.ready();
  return app.server;
}

/** A handler that waits twice, as one that asks a database does: each wait carries the context of its request along. */
async function waitingServer() {
  const app = require('fastify')();
  for (const path of [...ROUTES, ...MOUNTED.map((mounted) => MOUNT + mounted)]) {
    app.get(path, async (_, response) => {
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      response.headers(HEADERS);
      return BODY;
    });
  }
  await app.ready();
  return app.server;
}

/** Functions that create a server which does not listen yet. */
const servers = {
  express: () => http.createServer(expressApp()),
  /** The listener of the server is a plain function that hides the app. */
  wrapped() {
    const app = expressApp();
    return http.createServer((request, response) => app(request, response));
  },
  fastify: fastifyServer,
  waiting: waitingServer,
  plain: () => http.createServer(reply),
};

module.exports = { servers, targets, BODY };
