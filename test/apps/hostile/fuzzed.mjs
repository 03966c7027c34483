// Serves HTTP, Express or h2c (the first argument). Any message is answered with the requests that the app itself counted.
import http from 'node:http';
import http2 from 'node:http2';
import express from 'express';

const kind = process.argv[2];
/** The number of requests, and of completely sent responses by status. */
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
/** The length of the target sets the status, so that any target gets an answer. */
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
// Express answers some requests without calling any middleware, so count them before Express.
server.prependListener('request', see);
// Node would answer an unknown `Expect` by itself, without a `request` event.
server.on('checkExpectation', (request, response) => {
  see(request, response);
  response.writeHead(417).end();
});
process.on('message', () => server.getConnections((_, open) => process.send({ ...seen, open })));
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
