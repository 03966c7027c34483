// Makes the same calls by each client. Prints them as they were recorded. Argument: the folder of the packages.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { recordKinds } from './describe.mjs';
import { startServer } from './server.mjs';

const load = createRequire(join(process.argv[2], 'package.json'));
const importFrom = async (name) => import(pathToFileURL(load.resolve(name)).href);

const pem = (name) => readFileSync(new URL(`../../expose/tls/${name}.pem`, import.meta.url));
const listen = async (server) => {
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  return server.address().port;
};
const tls = { key: pem('key'), cert: pem('cert') };
const port = await startServer();
const secure = await listen(https.createServer(tls, (_, response) => response.end('answered')));
const proxy = await listen(
  http.createServer().on('connect', ({ url }, client) => {
    const server = connect(Number(url.split(':')[1]), 'localhost', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(server).pipe(client);
    });
    for (const socket of [client, server]) socket.on('error', () => {});
  }),
);
const CLOSED = 'http://localhost:2/';
const PROXY = `http://localhost:${proxy}`;
const SECURE = `https://localhost:${secure}/`;
const url = (path = '/') => `http://localhost:${port}${path}`;
const settled = (promise) =>
  promise.then(
    (value) => value,
    (error) => error,
  );

/** An answer, an error status, and no answer. */
const three = async (call) => {
  for (const target of [url(), url('/404'), CLOSED]) await settled((async () => call(target))());
};
const getWith = (agent, target) =>
  new Promise((resolve) => {
    const { get } = target.startsWith('https') ? https : http;
    get(target, { agent }, (response) => resolve(text(response))).on('error', resolve);
  });

const noRetry = { retry: { limit: 0 }, timeout: { request: 2_000 } };
const oneRetry = { retry: { limit: 1, calculateDelay: ({ attemptCount }) => (attemptCount > 1 ? 0 : 1) } };

const CLIENTS = {
  axios: () => three((target) => load('axios').get(target)),
  'axios, which follows redirects': () => load('axios').get(url('/redirect-twice')),
  'got 11': () => three((target) => load('got-11')(target, { retry: 0 })),
  'got 14': async () => {
    const { got } = await importFrom('got-14');
    await three((target) => got(target, noRetry));
  },
  'got 14, which tries again': async () => {
    const { got } = await importFrom('got-14');
    await got(url('/flaky'), oneRetry);
  },
  'node-fetch 2': () => three(async (target) => (await load('node-fetch-2')(target)).text()),
  'node-fetch 3': async () => {
    const { default: nodeFetch } = await importFrom('node-fetch-3');
    await three(async (target) => (await nodeFetch(target)).text());
  },
  superagent: () => three((target) => load('superagent').get(target)),
  agentkeepalive: async () => {
    const agent = new (load('agentkeepalive'))();
    await three((target) => getWith(agent, target));
    agent.destroy();
  },
  'https-proxy-agent 5': () => getWith(load('https-proxy-agent-5')(PROXY), SECURE),
  'https-proxy-agent 5, without its proxy': () => getWith(load('https-proxy-agent-5')(CLOSED), SECURE),
  'https-proxy-agent 7': async () => {
    const { HttpsProxyAgent } = load('https-proxy-agent-7');
    await getWith(new HttpsProxyAgent(PROXY), SECURE);
    await getWith(new HttpsProxyAgent(CLOSED), SECURE);
  },
  'http-proxy, which passes on the header Host': async () => {
    const proxied = load('http-proxy').createProxyServer({ target: url('/') });
    const server = http.createServer((request, response) => proxied.web(request, response, () => response.end()));
    const own = await listen(server);
    const socket = connect(own, 'localhost').end('GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n');
    await text(socket);
    server.close();
  },
  ws: async () => {
    const { WebSocket } = load('ws');
    const socket = new WebSocket(`ws://localhost:${port}`);
    await new Promise((resolve) => socket.on('open', resolve));
    socket.terminate();
    await new Promise((resolve) => new WebSocket('ws://localhost:2').on('error', resolve));
  },
};

/** Of one version of undici, on versions of Node that it supports. */
function undiciKinds(undici) {
  const { Client, Agent, Pool, ProxyAgent, MockAgent, RetryAgent } = undici;
  const using = async (dispatcher, call) => {
    await call(dispatcher);
    await dispatcher.close();
  };
  return {
    fetch: () => three(async (target) => (await undici.fetch(target)).text()),
    request: () => three(async (target) => (await undici.request(target)).body.text()),
    stream: () => undici.stream(url(), {}, () => new PassThrough().resume()),
    'a pool': () =>
      using(new Pool(url()), async (pool) => {
        const answers = [1, 2, 3].map(() => pool.request({ path: '/', method: 'GET' }));
        for (const { body } of await Promise.all(answers)) await body.text();
      }),
    'pipelined calls': () =>
      using(new Client(url(), { pipelining: 3 }), async (client) => {
        const answers = ['/', '/404'].map((path) => client.request({ path, method: 'GET' }));
        for (const { body } of await Promise.all(answers)) await body.text();
      }),
    'a tunnel through a proxy': () =>
      using(new ProxyAgent({ uri: PROXY, requestTls: { rejectUnauthorized: false } }), async (dispatcher) => {
        await (await undici.request(SECURE, { dispatcher })).body.text();
      }),
    'an upgrade': async () => {
      const { socket } = await undici.upgrade(url(), { protocol: 'example' });
      socket.destroy();
    },
    'answers of a mock': async () => {
      const dispatcher = new MockAgent();
      dispatcher.get('http://mocked.example').intercept({ path: '/' }).reply(200, 'mocked');
      await (await undici.request('http://mocked.example/', { dispatcher })).body.text();
    },
    'HTTP/2': () =>
      using(new Agent({ allowH2: true, connect: { rejectUnauthorized: false } }), async (dispatcher) => {
        await (await undici.request(`https://localhost:${twoPort}/`, { dispatcher })).body.text();
      }),
    ...(RetryAgent && {
      'a call that is tried again': () =>
        using(new RetryAgent(new Agent(), { minTimeout: 1, statusCodes: [503] }), async (dispatcher) => {
          await (await undici.request(url('/flaky'), { dispatcher })).body.text();
        }),
    }),
  };
}
const { createSecureServer } = await import('node:http2');
const twoPort = await listen(createSecureServer(tls, (_, response) => response.end('answered')));

const kinds = { ...CLIENTS };
const [major] = process.versions.node.split('.').map(Number);
for (const version of [5, 6, 7, ...(major >= 24 ? [8] : [])]) {
  const ofUndici = undiciKinds(load(`undici-${version}`));
  for (const [kind, make] of Object.entries(ofUndici)) kinds[`undici ${version}: ${kind}`] = make;
}
const { calls } = await recordKinds(kinds, { PORT: port, SECURE: secure, TWO: twoPort });
console.log(JSON.stringify(calls));
process.exit();
