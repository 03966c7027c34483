// 200 requests at a time, each in its own context, make random calls one after the other over few shared connections. Prints
// the requests whose calls were seen in another context than their own. Argument: the folder of the packages.
import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { HTTP_SOURCES } = require('../../../dist/calls/http-sources.js');
const load = createRequire(join(process.argv[2], 'package.json'));

const REQUESTS = 200;
const CALLS_PER_REQUEST = 5;

const contexts = new AsyncLocalStorage();
const seen = new Map();
const sink = {
  started: ({ target: { operation } }) => void seen.get(contexts.getStore())?.push(operation),
  ended() {},
};
for (const source of HTTP_SOURCES) source.watch({ sink, isIgnored: () => false, withDetails: false, contexts });

/** URLs that were answered by an error, so that the next try succeeds. */
const tried = new Set();
const server = http.createServer(({ url }, response) => {
  if (url === '/redirect') response.writeHead(302, { Location: '/' });
  else if (url.startsWith('/flaky') && !tried.has(url)) response.writeHead(503).flushHeaders(tried.add(url));
  response.write('in');
  setTimeout(() => response.end('pieces'), 1);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;
let number = 0;
const flaky = () => `/flaky/${number++}`;

/** Kinds of calls by Node's client, on few connections. `done` runs the rest of the request. */
const agent = new http.Agent({ keepAlive: true, maxSockets: 3 });
const send = (method, onResponse) => http.request(origin, { agent, method }, onResponse).end();
const KINDS = [
  [['GET'], (done) => send('GET', (response) => response.resume().on('end', done))],
  [['PUT'], (done) => send('PUT', (response) => response.once('data', done))],
  [['DELETE'], (done) => send('DELETE', (response) => response.resume()).on('close', done)],
];

/** The same by one version of undici, on one connection. */
function undiciKinds({ Agent, RetryAgent, interceptors, request }) {
  const dispatcher = new Agent({ connections: 1 });
  const call = (method, onBody, path = '/', options = {}) =>
    request(origin + path, { dispatcher, method, ...options }, (_, { body }) => onBody(body));
  const redirecting = interceptors ? dispatcher.compose(interceptors.redirect({ maxRedirections: 1 })) : dispatcher;
  const trying = RetryAgent && new RetryAgent(dispatcher, { minTimeout: 1, statusCodes: [503], methods: ['OPTIONS'] });
  return [
    [['GET'], (done) => call('GET', (body) => body.text().then(done))],
    [['PUT'], (done) => call('PUT', (body) => body.resume().on('end', done))],
    [['POST'], (done) => call('POST', (body) => body.resume().once('data', done))],
    [
      ['PATCH', 'PATCH'],
      (done) =>
        call('PATCH', (body) => body.text().then(done), '/redirect', {
          dispatcher: redirecting,
          // In undici 5.
          ...(!interceptors && { maxRedirections: 1 }),
        }),
    ],
    ...(trying
      ? [
          [
            ['OPTIONS', 'OPTIONS'],
            (done) => call('OPTIONS', (body) => body.text().then(done), flaky(), { dispatcher: trying }),
          ],
        ]
      : []),
  ];
}
const [major] = process.versions.node.split('.').map(Number);
for (const version of [5, 6, 7, ...(major >= 24 ? [8] : [])]) KINDS.push(...undiciKinds(load(`undici-${version}`)));

function handle(id) {
  const kinds = Array.from({ length: CALLS_PER_REQUEST }, () => KINDS[Math.floor(Math.random() * KINDS.length)]);
  seen.set(id, []);
  return new Promise((resolve) => {
    const callNext = (i) => {
      if (i === kinds.length) return resolve({ id, expected: kinds.flatMap(([methods]) => methods) });
      kinds[i][1](() => callNext(i + 1));
    };
    contexts.run(id, () => callNext(0));
  });
}

const handled = await Promise.all(Array.from({ length: REQUESTS }, (_, id) => handle(id)));
const wrong = handled
  .map(({ id, expected }) => ({ expected, seen: seen.get(id) }))
  .filter((request) => JSON.stringify(request.expected) !== JSON.stringify(request.seen));
console.log(JSON.stringify({ requests: handled.length, wrong }));
process.exit();
