// The app, the same for every variant: a bare node:http server with a small JSON answer and no code for metrics.
// CommonJS, because in an ES module app upstream's instrumentation records nothing without its own loader.
const http = require('node:http');
const answer = require('./answers.js');
const probes = require('./probes.js');

const body = JSON.stringify({ id: 42, name: 'a small answer', tags: ['a', 'b'] });
const target = `http://127.0.0.1:${process.env.BENCH_TARGET_PORT}/target`;

function reply(response) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

function callByHttp(response) {
  http.get(target, (incoming) => {
    incoming.resume();
    incoming.on('end', () => reply(response));
  });
}

async function callByFetch(response) {
  await (await fetch(target)).text();
  reply(response);
}

const server = http.createServer((request, response) => {
  if (request.url === '/call/http') callByHttp(response);
  else if (request.url === '/call/fetch') callByFetch(response);
  else reply(response);
});

// Connections must survive the longest pause between two rounds.
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send({ listening: server.address().port }));
answer(probes);
