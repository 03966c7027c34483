import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { PROTOCOL } from '../../src/processes/handshake.ts';
import { findProgram } from '../../stack/programs.ts';
import type { App } from '../support/app.ts';
import { samples, until } from '../support/exposition.ts';
import { byPath, createTmp, socketIn, startGroup, startOne, statusAt } from './faults.ts';
import { ask, expectScrape, type Service } from './group.ts';

/** Sends these texts to the leader, and expects that the leader closes the connection. */
async function expectDisconnect(what: string, path: string, ...texts: (string | Buffer)[]): Promise<void> {
  const socket = await connected(path);
  // `once` of node:events is no help: it rejects when the connection is reset.
  const closed = new Promise<true>((resolve) => socket.once('close', () => resolve(true)));
  // The leader may close the connection before everything is written.
  socket.write(Buffer.concat(texts.map((text) => Buffer.from(text))));
  const timeout = new Promise<false>((resolve) => setTimeout(resolve, 20_000, false));
  if (!(await Promise.race([closed, timeout]))) throw new Error(`the leader did not disconnect: ${what}`);
}

async function connected(path: string): Promise<Socket> {
  const socket = connect(path).on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket.resume();
}

/** The samples of a scrape, whose text must be valid. */
async function validScrape(service: Service): Promise<Record<string, number>> {
  const text = await service.scrape();
  const promtool = await findProgram('system-promtool');
  if ('path' in promtool) {
    const { stderr } = spawnSync(promtool.path, ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect(stderr.replace(/^.*(no help text|should|counters).*$/gm, '').trim()).toBe('');
  }
  const names = text
    .split('\n')
    .filter((line) => /^[^#]/.test(line))
    .map((line) => line.slice(0, line.lastIndexOf(' ')));
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(text).not.toMatch(/NaN/);
  return Object.fromEntries(Object.entries(samples(text)).filter(([name]) => !/^(target_info|apm_)/.test(name)));
}

const scope = { name: 'test' };
const metric = (more: object = {}) => ({
  descriptor: { name: 'things', description: 'd', unit: '', valueType: 0 },
  dataPointType: 3,
  aggregationTemporality: 0,
  isMonotonic: true,
  bounds: [],
  ...more,
});
const histogram = { dataPointType: 0, bounds: [1, 2] };
const increments = (points: unknown, more: object = {}, by: object = scope) => ({
  type: 'increments',
  part: { scope: by, metric: metric(more), points },
});

const commit = (number: number) => `${JSON.stringify({ type: 'commit', number, isEarlier: false })}\n`;

/** One request in the first of the default buckets, and in a fine histogram: of 2 ms. */
const COUNTS = [1, ...Array(17).fill(0)];
const FINE = [5, 0, -287, 1];
const part = (value: object) => ({ type: 'increments', part: value });
const requests = (...series: unknown[]) => part({ kind: 'requests', series });
const calls = (...series: unknown[]) => part({ kind: 'calls', series });

/** Fine histograms that no process of this version sends, of one request. */
const MALFORMED_FINE: Record<string, unknown> = {
  'is missing': null,
  'is no list': { scale: 5 },
  'is half a pair': [5, 0, -287],
  'has a fraction of a request': [5, 0, -287, 0.5],
  'has no requests in a bucket': [5, 1, -287, 0],
  'has a negative number of requests': [5, 2, -287, -1],
  'has more requests than a number holds': [5, 0, -287, 2 ** 53],
  'has the same bucket twice': [5, 0, -287, 1, 0, 1],
  'has a bucket of 100 years': [5, 0, 1_000, 1],
  'has a scale that no process uses': [20, 0, -287, 1],
  'has other requests than the buckets': [5, 0, -287, 2],
  'has texts': ['5', '0', '-287', '1'],
};

/** Messages after the hello that no process of this version sends. A malformed one must change no total. */
const MALFORMED: Record<string, unknown> = {
  null: null,
  'a number': 7,
  'a list': [],
  'no type': { hello: 1 },
  'an unknown type': { type: 'greeting' },
  'requests without a path': requests([[null, 'GET', 200, null], 1, 0.1, COUNTS, FINE, false]),
  'requests without a status': requests([['/a', 'GET', '200', null], 1, 0.1, COUNTS, FINE, false]),
  'requests with too few labels': requests([['/a', 'GET', 200], 1, 0.1, COUNTS, FINE, false]),
  'requests that do not say whether their path is a guess': requests([['/a', 'GET', 200, null], 1, 0.1, COUNTS, FINE]),
  'requests whose path is half a guess': requests([['/a', 'GET', 200, null], 1, 0.1, COUNTS, FINE, 0.5]),
  'requests of a series that was not sent before': requests([0, 1, 0.1, COUNTS, FINE]),
  'a negative number of requests': requests([['/a', 'GET', 200, null], -1, 0.1, COUNTS, FINE, false]),
  'seconds that are no number': requests([['/a', 'GET', 200, null], 1, null, COUNTS, FINE, false]),
  'too few buckets': requests([['/a', 'GET', 200, null], 1, 0.1, [1], FINE, false]),
  'requests that are no list': part({ kind: 'requests', series: 7 }),
  'an unknown kind': part({ kind: 'guesses', series: [] }),
  'calls without a host': calls([[7, 'GET', 200, null], 1, 0.1, COUNTS, FINE, false]),
  'calls with malformed details': calls([['db', 'GET', null, '{"port":{}}'], 1, 0.1, COUNTS, FINE, false]),
  'calls with details that are no JSON': calls([['db', 'GET', null, '{'], 1, 0.1, COUNTS, FINE, false]),
  'calls without buckets': calls([['db', 'GET', null, null], 1, 0.1, undefined, FINE, false]),
  ...Object.fromEntries(
    Object.entries(MALFORMED_FINE).flatMap(([what, fine]) => [
      [`requests whose fine histogram ${what}`, requests([['/a', 'GET', 200, null], 1, 0.1, COUNTS, fine, false])],
      [`calls whose fine histogram ${what}`, calls([['db', 'GET', 200, null], 1, 0.1, COUNTS, fine, false])],
    ]),
  ),
  'increments without a part': { type: 'increments', part: null },
  'no metric': { type: 'increments', part: { scope, points: [] } },
  'no points': increments(null),
  'a point that is null': increments([null]),
  'attributes that are no JSON': increments([['{', 1]]),
  'attributes that are null': increments([['null', 1]]),
  'an attribute that is an object': increments([['{"a":{"b":1}}', 1]]),
  'a negative increment': increments([['{}', -1]]),
  'an increment that is no number': increments([['{}', 'NaN']]),
  'an increment that is null': increments([['{}', null]]),
  'a sum that is no number': increments([['{}', 'NaN', [1, 1, 1]]], histogram),
  'too few counts': increments([['{}', 1, [1]]], histogram),
  'too many counts': increments([['{}', 1, [1, 1, 1, 1]]], histogram),
  'negative counts': increments([['{}', 1, [1, -1, 1]]], histogram),
  'counts that are no numbers': increments([['{}', 1, [1, 'x', 1]]], histogram),
  'bounds that decrease': increments([['{}', 1, [1, 1, 1]]], { ...histogram, bounds: [2, 1] }),
  'bounds that are no numbers': increments([['{}', 1, [1, 1, 1]]], { ...histogram, bounds: ['x', {}] }),
  'a name that is a number': increments([['{}', 1]], { descriptor: { name: 7 } }),
  'a version that is an object': increments([['{}', 1]], {}, { name: 'x', version: {} }),
};

it('disconnects a process that sends malformed messages, logs that once, and changes no total', async () => {
  const tmp = await createTmp();
  const { service, apps } = await startGroup(2, { env: { TMPDIR: tmp } });
  const path = await socketIn(tmp);
  await ask(apps[0].port, 2, '/ann');
  await ask((apps[1] as App).port, 3, '/bob');
  await expectScrape(() => service.scrape(), { '/ann': 2, '/bob': 3 }, byPath);
  const before = await validScrape(service);
  const hello = `${JSON.stringify({ hello: await helloOf(service, tmp) })}\n`;

  await expectDisconnect('another protocol', path, 'GET / HTTP/1.1\r\n\r\n');
  await expectDisconnect('bytes', path, Buffer.from([0, 255, 27, 91, 51, 49, 109, 10]));
  await expectDisconnect(
    'an invalid pid',
    path,
    `{"hello":{"protocol":${PROTOCOL},"settings":"x","pid":"\\u001b[31m"}}\n`,
  );
  await expectDisconnect('another version', path, '{"hello":{"protocol":99,"settings":"x","pid":"7"}}\n');
  await expectDisconnect('a line without end', path, hello, `"${'x'.repeat(6 * 1024 * 1024)}`);
  await expectDisconnect('deep nesting', path, hello, `${'['.repeat(100_000)}${']'.repeat(100_000)}\n`);
  for (const [what, message] of Object.entries(MALFORMED))
    await expectDisconnect(what, path, hello, `${JSON.stringify(message)}\n${commit(1)}`);

  expect(await validScrape(service)).toEqual(before);
  await ask((apps[1] as App).port, 4, '/bob');
  await expectScrape(() => service.scrape(), { '/ann': 2, '/bob': 7 }, byPath);
  // All of these would be accepted, were they not malformed.
  const wellFormed = [['/ann', 'GET', 200, null], 1, 0.1, COUNTS, FINE, false];
  const accepted = await connected(path);
  accepted.write(`${hello}${JSON.stringify(requests(wellFormed))}\n${commit(1)}`);
  await expectScrape(() => service.scrape(), { '/ann': 3, '/bob': 7 }, byPath);
  const lines = apps[0].stderr.split('\n').filter((line) => line.includes('not merged'));
  expect(lines).toEqual(['[@org/apm] process ? is not merged into these metrics: it sent a malformed message']);
  expect((await statusAt(service.port)).warnings.map(({ text }) => text)).toEqual([
    lines[0]?.slice('[@org/apm] '.length),
  ]);
});

it('answers a scrape in time while processes send half a line, nothing, or increments that grow to infinity', async () => {
  const tmp = await createTmp();
  const { service, apps } = await startGroup(2, { env: { TMPDIR: tmp } });
  const path = await socketIn(tmp);
  await ask((apps[1] as App).port, 3, '/bob');
  const hello = `${JSON.stringify({ hello: await helloOf(service, tmp) })}\n`;
  await connected(path);
  (await connected(path)).write('{"hel');
  const silent = await connected(path);
  silent.write(`${hello}{"type":`);
  const infinite = await connected(path);
  const attributes = '{"__proto__":"x","constructor":"y"}';
  for (let i = 0; i < 3; i++)
    infinite.write(`${i ? '' : hello}${JSON.stringify(increments([[attributes, 1e308]]))}\n${commit(i)}`);
  const start = performance.now();
  const found = await until(
    () => validScrape(service),
    (all) => 'things_total{__proto__="x",constructor="y"}' in all,
  );
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(found['http_requests_total{path="/bob",method="GET",status_code="200"}']).toBe(3);
  await ask((apps[1] as App).port, 3, '/bob');
  await expectScrape(() => service.scrape(), { '/bob': 6 }, byPath);
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

/** The hello that processes of this service send. A server receives it in place of the leader, at the path of its socket. */
async function helloOf(service: Service, tmp: string): Promise<unknown> {
  const path = await socketIn(tmp);
  const server = createServer().listen(`${path}.other`);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const received = new Promise<string>((resolve) => {
    server.on('connection', (socket) =>
      socket
        .on('error', () => {})
        .once('data', (data) => {
          resolve(String(data));
          socket.destroy();
        }),
    );
  });
  const replaceSocket = () => {
    linkSync(`${path}.other`, `${path}.again`);
    renameSync(`${path}.again`, path);
    // The rename does nothing if both names are the same socket already.
    rmSync(`${path}.again`, { force: true });
  };
  // Repeatedly, because the leader publishes its own socket again.
  replaceSocket();
  const timer = setInterval(replaceSocket, 100);
  received.finally(() => clearInterval(timer));
  for (;;) {
    const app = await startOne(service, { env: { TMPDIR: tmp } });
    // The app may find the leader, if that had just published its socket again. Then start another app.
    const text = await Promise.race([received, service.merged(3).then(() => undefined)]);
    await service.merged(3);
    await app.kill('SIGTERM');
    await service.merged(2);
    if (text !== undefined) return (JSON.parse(text) as { hello: unknown }).hello;
  }
}
