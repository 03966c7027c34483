// Each request makes one call, to an address of its own, in one of many ways: `/r/NUMBER?way=WAY`. Over HTTP/1 and HTTP/2.
import http from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { gzip } from 'node:zlib';

const backend = http.createServer((_, response) => void setTimeout(() => response.end('called'), 1));
await new Promise((resolve) => backend.listen(0, '0.0.0.0', resolve));
const { port } = backend.address();

/** Few sockets for all addresses, so that most calls wait for one that another request has used. */
class SharedAgent extends http.Agent {
  getName() {
    return 'all';
  }
}
const agent = new SharedAgent({ keepAlive: true, maxSockets: 8 });
const get = (host, options) =>
  new Promise((resolve, reject) => {
    http.get({ host, port, ...options }, (response) => response.resume().on('end', resolve)).on('error', reject);
  });
const fetchText = async (host) => (await fetch(`http://${host}:${port}/`)).text();

/** A pool of its own: requests wait for what another one gives back. */
const free = [1, 2];
const waiting = [];
const acquire = async () => free.pop() ?? (await new Promise((resolve) => waiting.push(resolve)));
const release = (one) => (waiting.shift() ?? ((freed) => free.push(freed)))(one);

const thread = new Worker(
  `const { parentPort } = require('node:worker_threads'); parentPort.on('message', (m) => parentPort.postMessage(m));`,
  { eval: true },
);
const askThread = (message) =>
  new Promise((resolve) => {
    const onMessage = (answer) => {
      if (answer !== message) return;
      thread.off('message', onMessage);
      resolve();
    };
    thread.on('message', onMessage);
    thread.postMessage(message);
  });

/** Each way calls `host` once, and ends when it is answered. */
const WAYS = {
  sync: (_, host) => get(host),
  async promise(_, host) {
    for (let i = 0; i < 3; i++) await null;
    await fetchText(host);
  },
  async timer(_, host) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    await get(host);
  },
  immediate: (_, host) => new Promise((resolve) => setImmediate(() => resolve(get(host)))),
  callback: (_, host) => new Promise((resolve) => gzip('text', () => resolve(fetchText(host)))),
  body: (request, host) => new Promise((resolve) => request.on('end', () => resolve(get(host))).resume()),
  data: (request, host) => new Promise((resolve) => request.once('data', () => resolve(fetchText(host))).resume()),
  async iteration(request, host) {
    for await (const _ of request);
    await get(host);
  },
  readable: (request, host) =>
    new Promise((resolve) => {
      request.on('readable', () => void request.read());
      request.on('end', () => resolve(fetchText(host)));
    }),
  pipe: (request, host) =>
    new Promise((resolve) => {
      request
        .pipe(new PassThrough())
        .on('end', () => resolve(get(host)))
        .resume();
    }),
  async late(request, host) {
    await sleep(3);
    await WAYS.body(request, host);
  },
  sockets: (_, host) => get(host, { agent }),
  async pool(_, host) {
    const one = await acquire();
    await get(host).finally(() => release(one));
  },
  async thread(_, host) {
    await askThread(Math.random());
    await get(host);
  },
};

const ways = Object.keys(WAYS);
/** What is called by a request: `127.WAY.NUMBER.1`. */
const addressOf = (way, number) => `127.${ways.indexOf(way) + 1}.${number}.1`;

async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://context');
  const way = searchParams.get('way');
  const number = pathname.split('/').at(-1);
  // Not measured, so nobody's.
  if (pathname === '/ignored') await get('127.200.0.1');
  else await WAYS[way](request, addressOf(way, number));
  request.resume();
  response.end(addressOf(way, number));
}

// Outside of any request, all the time.
setInterval(() => void get('127.201.0.1'), 20).unref();
const server = http.createServer((request, response) => {
  // Begun by a request, and still going on long after it.
  if (request.url === '/interval') setInterval(() => void fetchText('127.202.0.1'), 20).unref();
  if (request.url === '/interval') response.end();
  else answer(request, response).catch((error) => response.destroy(error));
});
const http2 = createHttp2((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => {
  http2.listen(0, '127.0.0.1', () => {
    console.log(`http2 ${http2.address().port}, backend ${port}, ways ${ways}`);
    console.log(`listening ${server.address().port}`);
  });
});
