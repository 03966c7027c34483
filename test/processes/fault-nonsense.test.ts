import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type App, root, startApp } from '../support/app.ts';
import { samples, until } from '../support/exposition.ts';
import { byPath, ownTmp, socketIn, startGroup, startOne, statusAt } from './faults.ts';
import { ask, Service } from './group.ts';

/** Says something at the socket and resolves once the other side has hung up on it. */
async function hungUpOn(path: string, ...said: (string | Buffer)[]): Promise<void> {
  const socket = await connected(path);
  // It may be reset in the middle of what is written.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(Buffer.concat(said.map((text) => Buffer.from(text))));
  await closed;
}

/** Names what was taken for sense. */
async function withinReason(what: string, path: string, ...said: (string | Buffer)[]): Promise<void> {
  let isOver = false;
  const over = hungUpOn(path, ...said).then(() => {
    isOver = true;
  });
  await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 5_000))]);
  if (!isOver) throw new Error(`was not hung up on: ${what}`);
}

async function connected(path: string): Promise<Socket> {
  const socket = connect(path).on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket.resume();
}

/** What a scrape says of what is counted, in a text that Prometheus takes. */
async function scraped(service: Service): Promise<Record<string, number>> {
  const text = await service.scrape();
  const promtool = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  if (promtool.error === undefined)
    expect(promtool.stderr.replace(/^.*(no help text|should|counters).*$/gm, '').trim()).toBe('');
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
const add = (points: unknown, more: object = {}, by: object = scope) => ({
  add: { scope: by, metric: metric(more), points },
});

/** What no process of this version would say, after it was welcomed. */
const NONSENSE: Record<string, unknown> = {
  null: null,
  'a number': 7,
  'a list': [],
  'nothing known': { hello: 1 },
  'an addition of nothing': { add: null },
  'no metric': { add: { scope, points: [] } },
  'no points': add(null),
  'a point that is none': add([null]),
  'labels that are no JSON': add([['{', 1]]),
  'labels that are null': add([['null', 1]]),
  'labels that are objects': add([['{"a":{"b":1}}', 1]]),
  'a negative increment': add([['{}', -1]]),
  'an increment that is no number': add([['{}', 'NaN']]),
  'no increment': add([['{}', null]]),
  'a sum that is no number': add([['{}', 'NaN', [1, 1, 1]]], histogram),
  'too few counts': add([['{}', 1, [1]]], histogram),
  'too many counts': add([['{}', 1, [1, 1, 1, 1]]], histogram),
  'negative counts': add([['{}', 1, [1, -1, 1]]], histogram),
  'counts that are no numbers': add([['{}', 1, [1, 'x', 1]]], histogram),
  'bounds that go down': add([['{}', 1, [1, 1, 1]]], { ...histogram, bounds: [2, 1] }),
  'bounds that are no numbers': add([['{}', 1, [1, 1, 1]]], { ...histogram, bounds: ['x', {}] }),
  'a name that is none': add([['{}', 1]], { descriptor: { name: 7 } }),
  'a version that is none': add([['{}', 1]], {}, { name: 'x', version: {} }),
};

it('turns away whoever speaks nonsense, says so once, and counts on as if nobody had', async () => {
  const tmp = await ownTmp();
  const { service, apps } = await startGroup(2, { env: { TMPDIR: tmp } });
  const path = await socketIn(tmp);
  await ask(apps[0].port, 2, '/ann');
  await ask((apps[1] as App).port, 3, '/bob');
  const before = await scraped(service);
  // A real hello, which is nobody's secret among one user's processes: what another process of this service says.
  const hello = `${JSON.stringify({ hello: await helloOf(service, tmp) })}\n`;

  await withinReason('another protocol', path, 'GET / HTTP/1.1\r\n\r\n');
  await withinReason('bytes', path, Buffer.from([0, 255, 27, 91, 51, 49, 109, 10]));
  await withinReason('another hello', path, `{"hello":{"protocol":1,"settings":"x","pid":"\u001b[31m"}}\n`);
  await withinReason('another hello', path, '{"hello":{"protocol":99,"settings":"x","pid":"7"}}\n');
  await withinReason('a line without end', path, hello, `"${'x'.repeat(6 * 1024 * 1024)}`);
  await withinReason('deep nesting', path, hello, `${'['.repeat(100_000)}${']'.repeat(100_000)}\n`);
  for (const [what, said] of Object.entries(NONSENSE))
    await withinReason(what, path, hello, `${JSON.stringify(said)}\n{"told":1}\n`);

  expect(await scraped(service)).toEqual(before);
  await ask((apps[1] as App).port, 4, '/bob');
  expect(byPath(await service.scrape())).toEqual({ '/ann': 2, '/bob': 7 });
  const lines = apps[0].stderr.split('\n').filter((line) => line.includes('not merged'));
  expect(lines).toEqual([`[@org/apm] process ? is not merged into the metrics of this one: it is not understood`]);
  expect((await statusAt(service.port)).warnings.map(({ text }) => text)).toEqual([
    lines[0]?.slice('[@org/apm] '.length),
  ]);
});

it('is not held up by one that says half a line, nothing more, or that its share is endless', async () => {
  const tmp = await ownTmp();
  const { service, apps } = await startGroup(2, { env: { TMPDIR: tmp } });
  const path = await socketIn(tmp);
  await ask((apps[1] as App).port, 3, '/bob');
  const hello = `${JSON.stringify({ hello: await helloOf(service, tmp) })}\n`;
  await connected(path);
  (await connected(path)).write('{"hel');
  const silent = await connected(path);
  silent.write(`${hello}{"add":`);
  const vast = await connected(path);
  const inherited = JSON.stringify([['{"__proto__":"x","constructor":"y"}', 1e308]]);
  for (let i = 0; i < 3; i++)
    vast.write(`${i ? '' : hello}${JSON.stringify(add(JSON.parse(inherited)))}\n{"told":${i}}\n`);
  const start = performance.now();
  const found = await until(
    () => scraped(service),
    (all) => 'things_total{__proto__="x",constructor="y"}' in all,
  );
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(found['http_requests_total{path="/bob",method="GET",status_code="200"}']).toBe(3);
  await ask((apps[1] as App).port, 3, '/bob');
  expect(byPath(await service.scrape())).toEqual({ '/bob': 6 });
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

it('leaves a process with other settings by itself until the one that has the port is gone', async () => {
  const service = await Service.create();
  const first = await startOne(service);
  await first.said(/metrics at/);
  const other = await startOne(service, { env: { APM_BUCKETS: '1,2' } });
  const url = await other.metricsUrl();
  await ask(first.port, 2, '/ann');
  await ask(other.port, 3, '/bob');
  expect(byPath(await service.scrape())).toEqual({ '/ann': 2 });
  expect(byPath(await (await fetch(url)).text())).toEqual({ '/bob': 3 });
  const { warnings } = await statusAt(service.port);
  expect(warnings.map(({ text }) => text)).toEqual([
    `process ${other.child.pid} is not merged into the metrics of this one: it is set up otherwise (APM_BUCKETS, APM_METRIC_NAMES or APM_AUTH_TOKEN)`,
  ]);
  expect(other.stderr).toContain(`port ${service.port} has the metrics of another process`);

  await first.kill('SIGKILL');
  await until(
    async () => byPath(await service.scrape()),
    (found) => found['/bob'] === 3,
  );
  const third = await startOne(service, { env: { APM_BUCKETS: '1,2' } });
  await ask(third.port, 4, '/cid');
  expect(byPath(await service.merged(2))).toEqual({ '/bob': 3, '/cid': 4 });
});

/** What a process of the service says first: a server in the owner's place hears it from one that is started for it. */
async function helloOf(service: Service, tmp: string): Promise<unknown> {
  const { createServer } = await import('node:net');
  const { linkSync, renameSync, rmSync } = await import('node:fs');
  const path = await socketIn(tmp);
  const server = createServer().listen(`${path}.stranger`);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const heard = new Promise<string>((resolve) => {
    server.on('connection', (socket) =>
      socket
        .on('error', () => {})
        .once('data', (data) => {
          resolve(String(data));
          socket.destroy();
        }),
    );
  });
  // Again and again, because the owner takes its place back.
  const put = () => {
    linkSync(`${path}.stranger`, `${path}.again`);
    renameSync(`${path}.again`, path);
    // It stays where both are the same socket already.
    rmSync(`${path}.again`, { force: true });
  };
  put();
  const putting = setInterval(put, 100);
  heard.finally(() => clearInterval(putting));
  for (;;) {
    const curious = await startOne(service, { env: { TMPDIR: tmp } });
    // It may have met the owner, who has its place back for a moment; then another one is asked.
    const text = await Promise.race([heard, service.merged(3).then(() => undefined)]);
    await service.merged(3);
    await curious.kill('SIGTERM');
    await service.merged(2);
    if (text !== undefined) return (JSON.parse(text) as { hello: unknown }).hello;
  }
}

it('adds up the rest of what a process counts whose own instruments were given what is no count', async () => {
  const service = await Service.create();
  const start = async () => {
    const app = await startApp('app.mjs', { cwd: join(root, 'test/apps/processes/fault-counter'), env: service.env });
    await app.said(/metrics at/);
    return app;
  };
  const [owner, member] = [await start(), await start()];
  await service.merged(2);
  for (const app of [owner, member]) {
    await ask(app.port, 2, '/good');
    await ask(app.port, 1, '/bad');
  }
  await service.scrape();
  for (const app of [owner, member]) await ask(app.port, 3, '/good');
  const text = await service.scrape();
  expect(samples(text)).toMatchObject({ 'jobs_total{kind="good"}': 10, apm_processes: 2, apm_processes_late_total: 0 });
  expect(text).not.toMatch(/ (NaN|-5)$/m);
  expect(byPath(text)).toEqual({ '/good': 10, '/bad': 2 });
  expect(owner.stderr + member.stderr).not.toMatch(/not merged|could not|failed to/);
});
