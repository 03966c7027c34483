import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type App, startApp } from '../support/app.ts';
import { requests, until } from '../support/exposition.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { active } from '../support/outcome.ts';
import { http } from '../support/wire.ts';

const CONNECTIONS = 1000;
const AT_ONCE = 48;
const SEED = 20261122;

type Pick = <T>(from: readonly T[]) => T;

/** Complete and malformed requests of every kind. */
const REQUESTS: ((path: string) => string)[] = [
  (path) => http(`GET ${path}`),
  (path) => http(`GET ${path}`),
  (path) => http(`HEAD ${path}`),
  (path) => http(`PROPFIND ${path}`),
  (path) => `GET ${path} HTTP/1.0\r\n\r\n`,
  (path) => `GET ${path} HTTP/1.1\r\n\r\n`,
  (path) => http(`GET ${path}`, 'Expect: 100-continue'),
  (path) => http(`GET ${path}`, 'Expect: miracles'),
  (path) => http(`GET ${path}`, 'Connection: Upgrade', 'Upgrade: websocket'),
  (path) => `${http(`POST ${path}`, 'Content-Length: 5')}hello`,
  (path) => `${http(`POST ${path}`, 'Content-Length: 50')}hello`,
  (path) => `${http(`POST ${path}`, 'Transfer-Encoding: chunked')}5\r\nhello\r\n0\r\n\r\n`,
  (path) => `${http(`POST ${path}`, 'Transfer-Encoding: chunked')}zz\r\nhello`,
  () => http('CONNECT example.com:443'),
  () => 'garbage\r\n\r\n',
];

interface State {
  paths: string[];
  open: number;
  published: number;
}

async function state({ child }: App): Promise<State> {
  child.send('state');
  const [answer] = await once(child, 'message');
  return answer;
}

/** A client that sends some requests in one or two pieces, and closes its connection at a random time. */
function client(port: number, paths: readonly string[], random: () => number, pick: Pick): Promise<unknown> {
  const count = 1 + Math.floor(random() * 4);
  const bytes = Array.from({ length: count }, () => pick(REQUESTS)(`/${pick(paths)}`)).join('');
  const cut = random() < 0.5 ? bytes.length : Math.floor(random() * bytes.length);
  const leave = pick(['destroy', 'resetAndDestroy', 'end', 'ref'] as const);
  const socket = connect(port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.on('close', resolve));
  const timers = [
    setTimeout(() => socket.writable && socket.write(bytes.slice(cut)), random() * 10),
    setTimeout(() => socket[leave](), random() * 60),
    setTimeout(() => socket.destroy(), 900),
  ];
  socket.on('error', () => {}).resume();
  socket.write(bytes.slice(0, cut));
  return closed.finally(() => timers.map(clearTimeout));
}

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  it('counts exactly the requests that arrived, whatever clients and handlers do', async () => {
    const app = await startApp('test/apps/requests/random.mjs', { node: node(version) });
    await app.metricsUrl();
    let seed = SEED;
    const random = () => {
      seed = (seed * 1664525 + 1013904223) >>> 0;
      return seed / 2 ** 32;
    };
    const pick: Pick = (from) => from[Math.floor(random() * from.length)] as (typeof from)[number];
    const { paths } = await state(app);
    let left = CONNECTIONS;
    const one = async () => {
      while (left-- > 0) await client(app.port, paths, random, pick);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    const { published } = await until(
      () => state(app),
      ({ open }) => open === 0,
    );
    const text = await until(
      () => app.scrape(),
      (scrape) => active(scrape) === 0,
    );
    expect(published).toBeGreaterThan(CONNECTIONS);
    expect(Object.values(requests(text)).reduce((sum, count) => sum + count, 0)).toBe(published);
    expect(app.stderr).not.toContain('failed to');
  });
});
