// A service with twenty routes, four of them in a part of its own: the same by each framework. Each answers alike.
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
/** Ids of each parameter. They come back, so that a heuristic without adapters has them in its cache. */
const IDS = 10;

/** What is requested, and the route that answers it: each route as often as each other. */
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

/** Servers that do not listen yet, by what they are. */
const servers = {
  express: () => http.createServer(expressApp()),
  /** Its listener shows no app. */
  wrapped() {
    const app = expressApp();
    return http.createServer((request, response) => app(request, response));
  },
  fastify: fastifyServer,
  plain: () => http.createServer(reply),
};

module.exports = { servers, targets, BODY };
