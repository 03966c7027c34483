// Makes calls by `http` and `fetch` that end in every way. Prints the calls of each kind, as they were recorded.
import http, { Agent, get, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { recordKinds } from './describe.mjs';
import { SLOW_MS, startServer } from './server.mjs';

const port = await startServer();
const url = (path = '/') => `http://localhost:${port}${path}`;
const CLOSED = 'http://localhost:2/';

/** Waits until a call by `http` is over for the app. @param read what is done with the response */
const over = (call, read = (response) => response.resume()) =>
  new Promise((resolve) => {
    call.on('error', resolve).on('close', resolve).on('upgrade', resolve).on('connect', resolve);
    call.on('response', (response) => read(response.on('end', resolve).on('error', resolve).on('close', resolve)));
  });
const nothing = () => {};
const upgrade = { connection: 'Upgrade', upgrade: 'example' };
const close = (_, socket) => void socket.destroy();
const failed = (promise) => promise.then(() => Promise.reject(new Error('should fail')), nothing);

/** As agents of agent-base 6 do: it tells a failure only by the event. */
class FailingAgent extends Agent {
  addRequest(call) {
    setImmediate(() => call.emit('error', Object.assign(new Error('no proxy'), { code: 'ENOPROXY' })));
  }
}
const queue = new Agent({ maxSockets: 1 });

const HTTP = {
  'a response that is read': () => over(get(url())),
  'a function that was imported by its name': () => over(request(url(), { method: 'POST' }).end('body')),
  'no body': () => over(get(url('/204'))),
  'not modified': () => over(get(url('/304'))),
  HEAD: () => over(request(url(), { method: 'HEAD' }).end()),
  'an error status': () => over(get(url('/404'))),
  'a redirect, which Node does not follow': () => over(get(url('/redirect'))),
  'a slow answer': () => over(get(url('/slow'))),
  'a slow body': () => over(get(url('/slow-body'))),
  'a slow upload': async () => {
    const call = request(url('/upload'), { method: 'PUT' });
    call.write('a');
    setTimeout(() => call.end('b'), SLOW_MS);
    await over(call);
  },
  'an answer before the end of the upload': async () => {
    const call = request(url(), { method: 'PUT' });
    call.write('a');
    await over(call);
    call.end('b');
    await wait(5);
  },
  'two calls, the second of which waits for a connection': () =>
    Promise.all([1, 2].map(() => over(get(url('/slow'), { agent: queue })))),
  'a response without a listener': async () => {
    const call = get(url());
    await new Promise((resolve) => call.on('close', resolve));
  },
  'a response that is never read, and destroyed': async () => {
    const call = get(url('/large'));
    await new Promise((resolve) => call.on('response', resolve));
    setTimeout(() => call.destroy(), SLOW_MS);
    await over(call, nothing);
  },
  'a response that is never read, on a connection that closes': () => over(get(url('/closes')), nothing),
  'a response that is cut off': () => over(get(url('/cut'))),
  'a connection that is reset': () => over(get(url('/reset'))),
  'something else than HTTP': () => over(get(url('/not-http'))),
  'a closed port': () => over(get(CLOSED)),
  'an unknown host': () => over(get('http://unknown.invalid/')),
  'abort() before it has a connection': () => {
    const call = get(url());
    call.abort();
    return over(call);
  },
  'destroy() before it has a connection': () => {
    const call = get(url());
    call.destroy();
    return over(call);
  },
  'destroy() before the answer': () => {
    const call = get(url('/never'));
    setTimeout(() => call.destroy(), SLOW_MS);
    return over(call);
  },
  'an abort signal': () => over(get(url('/never'), { signal: AbortSignal.timeout(SLOW_MS) })),
  'a timeout': () => {
    const call = get(url('/never'), { timeout: SLOW_MS });
    call.on('timeout', () => call.destroy(Object.assign(new Error('too late'), { code: 'ETIMEDOUT' })));
    return over(call);
  },
  'early hints': () => over(get(url('/hints'))),
  'an upgrade': () => over(get(url(), { headers: upgrade }).on('upgrade', close)),
  'an upgrade that is refused': () => over(get(url('/404'), { headers: upgrade }).on('upgrade', close)),
  'an upgrade that the app does not handle': () =>
    new Promise((resolve) => get(url(), { headers: upgrade }).on('error', resolve).on('close', resolve)),
  CONNECT: () => over(request(url(), { method: 'CONNECT' }).on('connect', close).end()),
  'no agent': () => over(get(url(), { agent: false })),
  'a connection of its own': () => over(get(url(), { createConnection: () => connect(port, 'localhost') })),
  'an agent that only emits its error': () => over(get(url(), { agent: new FailingAgent() })),
  'options that Node refuses': async () => {
    for (const options of [{ port: 70_000 }, { protocol: 'ftp:' }, { method: 'NO WAY' }, { path: '/a b' }]) {
      await failed((async () => http.get(options))());
    }
  },
};

const text = async (answer) => (await answer).text();
const FETCH = {
  'a response that is read': () => text(fetch(url())),
  'an error status': () => text(fetch(url('/404'))),
  'no body': () => text(fetch(url('/204'))),
  HEAD: () => fetch(url(), { method: 'HEAD' }),
  'a body': () => text(fetch(url('/upload'), { method: 'POST', body: 'body' })),
  'a slow body': () => text(fetch(url('/slow-body'))),
  'redirects, each a call': () => text(fetch(url('/redirect-twice'))),
  'a response that is cancelled': async () => (await fetch(url('/slow-body'))).body.cancel(),
  'a response that is cut off': () => failed(text(fetch(url('/cut')))),
  'a connection that is reset': () => failed(fetch(url('/reset'))),
  'a closed port': () => failed(fetch('http://localhost:2/')),
  'an unknown host': () => failed(fetch('http://unknown.invalid/')),
  'an abort signal': () => failed(fetch(url('/never'), { signal: AbortSignal.timeout(SLOW_MS) })),
  'an abort by a text': async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort('enough'), SLOW_MS);
    await failed(fetch(url('/never'), { signal: controller.signal }));
  },
  'a port that fetch blocks': () => failed(fetch('http://localhost:25/')),
  // The global exists from Node 22 on.
  'a WebSocket': async () => {
    if (globalThis.WebSocket === undefined) return text(fetch(url('/204')));
    const socket = new WebSocket(`ws://localhost:${port}`);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    socket.close();
  },
};

const ports = { PORT: port };
console.log(JSON.stringify({ http: await recordKinds(HTTP, ports), fetch: await recordKinds(FETCH, ports) }));
process.exit();
