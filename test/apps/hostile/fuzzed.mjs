// Serves by HTTP, express or h2c (the first argument), answers in many ways, and says what it itself saw of it.
import http from 'node:http';
import http2 from 'node:http2';
import express from 'express';

const kind = process.argv[2];
/** How many requests there were, and how many were answered to the end, by status. */
const seen = { requests: 0, finished: {} };

function see(request, response) {
  seen.requests++;
  response.once('finish', () => {
    seen.finished[response.statusCode] = (seen.finished[response.statusCode] ?? 0) + 1;
  });
  request.on('error', () => {});
  response.on('error', () => {});
}

const STATUSES = [200, 200, 201, 204, 302, 400, 404, 500];
/** By the length of the target, so that any target is answered in some way. */
function answer(request, response) {
  response.statusCode = STATUSES[request.url.length % STATUSES.length];
  if (request.url.length % 3 === 0) request.resume();
  response.end(request.method === 'HEAD' ? undefined : 'answer');
}

function app() {
  if (kind !== 'express') return answer;
  return express()
    .get('/users/:id', (request, response) => void response.send(request.params.id))
    .get('/files/*name', (_, response) => void response.send('file'))
    .post('/orders', express.json(), (request, response) => void response.status(201).json(request.body ?? {}))
    .get('/teapot', answer);
}

const limits = { headersTimeout: 1000, requestTimeout: 1000, connectionsCheckingInterval: 100, keepAliveTimeout: 500 };
const server = kind === 'h2c' ? http2.createServer(app()) : http.createServer(limits, app());
if (kind === 'h2c')
  server.on('sessionError', () => {}).on('session', (session) => session.setTimeout(2000, () => session.destroy()));
// Some requests Express answers without asking any of its middleware.
server.prependListener('request', see);
// What Node would answer by itself, without a `request`.
server.on('checkExpectation', (request, response) => {
  see(request, response);
  response.writeHead(417).end();
});
process.on('message', () => server.getConnections((_, open) => process.send({ ...seen, open })));
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
