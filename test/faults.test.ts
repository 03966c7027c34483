import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, startApp } from './support/app.ts';
import { until } from './support/exposition.ts';
import { freePort } from './support/free-port.ts';
import { ask, openSession } from './support/http2.ts';
import { root } from './support/root.ts';

const APP = 'test/apps/faults/app.mjs';

/**
 * A line of our own code that is made to throw.
 * @property file     in dist/
 * @property at       the text before the line that throws
 * @property logged   the log lines about the failure; none if the failure is expected in normal operation
 * @property env      environment of the process
 * @property peer     whether another process of the service runs already, and leads
 * @property provoke  makes the line run, if a few requests do not
 */
interface Fault {
  readonly file: string;
  readonly at: RegExp;
  readonly logged: readonly RegExp[];
  readonly env?: Readonly<Record<string, string>>;
  readonly peer?: true;
  readonly provoke?: (app: App) => Promise<unknown>;
}

const failed = (action: string) => [new RegExp(`^\\[@org/apm\\] failed to ${action}; .*Error: injected`)];
const scrape = async (app: App) => (await fetch(await app.metricsUrl())).text();
const status = async (app: App) => (await fetch(new URL('/status', await app.metricsUrl()))).text();
const page = async (app: App) => (await fetch(new URL('/page/data', await app.metricsUrl()))).text();
const call = async (app: App, path = '/call') => (await fetch(app.url(path))).text();
const http2 = async (app: App) => {
  const port = await (await fetch(app.url('/http2'))).text();
  expect(await ask(await openSession(`http://127.0.0.1:${port}`), { ':path': '/' })).toEqual({
    status: 200,
    body: 'hello',
  });
};
/** A client that disconnects after its request has arrived, before it is answered. */
const disconnect = async (app: App) => {
  const socket = connect(app.port, '127.0.0.1').on('error', () => {});
  socket.write('GET /hang HTTP/1.1\r\nHost: test\r\n\r\n');
  await app.waitForOutput(/^request to \/hang arrived$/m);
  socket.destroy();
};
/** Another process of the same service, which finds this one by its port. */
const startSecond = async (app: App) => {
  const { port } = new URL(await app.metricsUrl());
  return startApp(APP, { env: { ...NAMED, OTEL_EXPORTER_PROMETHEUS_PORT: port } });
};
/** No process listens on port 9: the discard service is not in use any more. */
const PUSH = {
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_METRIC_EXPORT_INTERVAL: '100',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
};

const FAULTS: Readonly<Record<string, Fault>> = {
  'the start': {
    file: 'runtime.js',
    at: /function start\(.*\{/,
    logged: [/^\[@org\/apm\] failed to start; .*Error: injected/],
  },
  'the configuration': {
    file: 'config/load.js',
    at: /function loadConfig\([^{]*\{\}[^{]*\{\}[^{]*\{/,
    logged: [/^\[@org\/apm\] failed to start; .*Error: injected/],
  },
  'an arriving request': {
    file: 'requests/http1.js',
    at: /function onArrival\(.*\{\s*try \{/,
    logged: failed('record a request arrival'),
  },
  'a new record': {
    file: 'requests/request-record.js',
    at: /constructor\(.*\{/,
    logged: failed('record a request arrival'),
  },
  'the end of a response': {
    file: 'requests/http1.js',
    at: /function onFinish\(.*\{\s*try \{/,
    logged: failed('record the end of a request'),
  },
  'the end of a connection': {
    file: 'requests/http1.js',
    at: /function unsentStatus\(.*\{/,
    logged: failed('record the end of a request'),
    provoke: disconnect,
  },
  'an arriving HTTP/2 request': {
    file: 'requests/http2.js',
    at: /function arrive\(.*\{\s*try \{/,
    logged: failed('record an HTTP/2 request arrival'),
    provoke: http2,
  },
  'the end of an HTTP/2 request': {
    file: 'requests/http2.js',
    at: /function onClose\(.*\{\s*try \{/,
    logged: failed('record the end of an HTTP/2 request'),
    provoke: http2,
  },
  'the route of a request': {
    file: 'route/resolver.js',
    at: /\bresolve\(request\) \{/,
    logged: failed('record a request'),
  },
  'an adapter': {
    file: 'route/frameworks/index.js',
    at: /function hookApp\(.*\{/,
    logged: [/^\[@org\/apm\] could not read the routes of Express: Error: injected;/],
  },
  'the shape of a path': {
    file: 'route/shape/path-shapes.js',
    at: /templateFor\(url, grow\) \{/,
    logged: failed('record a request'),
  },
  'the series': { file: 'metrics/request-series.js', at: /record\(.*\{/, logged: failed('record a request') },
  'the SDK': {
    file: 'outputs.js',
    at: /function createOutputs\(.*\{/,
    logged: failed('start serving or pushing metrics'),
  },
  'the measuring of outgoing calls': {
    file: 'calls/index.js',
    at: /function watchCalls\(.*\{/,
    logged: failed('measure outgoing calls'),
  },
  'the target of a call by http': {
    file: 'calls/http-client.js',
    at: /function targetOf\(.*\{/,
    logged: failed('record an outgoing HTTP call'),
    provoke: call,
  },
  'the target of a call by fetch': {
    file: 'calls/fetch.js',
    at: /function onCreate\(.*\{/,
    logged: failed('record an outgoing call by fetch'),
    provoke: (app) => call(app, '/fetch'),
  },
  'the start of an outgoing call': {
    file: 'call-pipeline.js',
    at: /started\(call\) \{/,
    logged: failed('record the start of an outgoing call'),
    provoke: call,
  },
  'the end of an outgoing call': {
    file: 'call-pipeline.js',
    at: /ended\(call\) \{/,
    logged: failed('record an outgoing call'),
    provoke: call,
  },
  'the context of a request': {
    file: 'context/context.js',
    at: /enter\(request\) \{\s*try \{/,
    env: { APM_CONTEXT: 'true' },
    logged: failed('tell which request is being handled'),
  },
  'the time of a request': {
    file: 'metrics/time-series.js',
    at: /record\(.*\{/,
    env: { APM_CONTEXT: 'true' },
    logged: failed('record a request'),
  },
  'the metrics server': {
    file: 'expose/scrape/server.js',
    at: /function serveMetrics\(.*\{/,
    logged: failed('find the role of this process among those of its service'),
  },
  'the exposition': {
    file: 'expose/scrape/exposition.js',
    at: /function\* exposition\(.*\{/,
    logged: failed('answer a scrape'),
    provoke: scrape,
  },
  'the acknowledgement of a scrape': {
    file: 'processes/leader.js',
    at: /prepareAcknowledge\(\) \{[^{]*return \(except\) => \{/,
    logged: failed('acknowledge a scrape'),
    // With one process there is nothing to acknowledge.
    provoke: async (app) => {
      await (await startSecond(app)).metricsUrl();
      await scrape(app);
    },
  },
  'the status': {
    file: 'expose/status.js',
    at: /function buildStatus\(.*\{/,
    logged: failed('build the status'),
    provoke: status,
  },
  'the data of the page': {
    file: 'page/server/history.js',
    at: /\n {4}pieces\(.*\{/,
    logged: failed('answer the live page'),
    provoke: page,
  },
  'an interval of the page': {
    file: 'page/server/history.js',
    at: /\n {4}(?:async )?tick\(.*\{/,
    logged: failed('record an interval of the live page'),
  },
  'a push': {
    file: 'expose/push/push-reader.js',
    at: /async #collectAndExport\(isLast\) \{/,
    env: PUSH,
    logged: [/^\[@org\/apm\] .*127\.0\.0\.1:9\/v1\/metrics.*injected/],
  },
  'the set-up of a push': {
    file: 'expose/push/push-reader.js',
    at: /constructor\(options\) \{/,
    env: PUSH,
    logged: failed('start serving or pushing metrics'),
  },
  'the group of processes': {
    file: 'processes/service-group.js',
    at: /function createServiceGroup\(.*\{/,
    logged: failed('start serving or pushing metrics'),
  },
  'the search for the leader': {
    file: 'processes/leader-socket.js',
    at: /async function connectToLeader\(.*\{/,
    // The same happens if the folder of the socket cannot be read: then no leader is found.
    logged: [],
  },
  'the socket of the leader': {
    file: 'processes/rendezvous.js',
    at: /async open\(\) \{/,
    logged: failed('let other processes find this one'),
  },
  'a connection of the leader': {
    file: 'processes/leader.js',
    at: /accept\(socket\) \{/,
    logged: failed('accept another process'),
    provoke: startSecond,
  },
  'a follower that joins': {
    file: 'processes/follower.js',
    at: /static join\(.*\{/,
    peer: true,
    logged: failed('join the process that serves the metrics'),
  },
  'a follower that sends': {
    file: 'processes/increment-sender.js',
    at: /sendSeries\(\) \{/,
    peer: true,
    logged: failed('send to the process that serves the metrics'),
  },
};

/** Both processes have this name, so that they are one service. */
const NAMED = { OTEL_SERVICE_NAME: 'faulty' };
const REACHED = 'the injected fault was reached';

let copies: string;
beforeAll(async () => {
  copies = await mkdtemp(join(tmpdir(), 'apm-faults-'));
  await symlink(join(root, 'node_modules'), join(copies, 'node_modules'));
  await writeFile(join(copies, 'package.json'), '{ "type": "module", "name": "@org/apm", "version": "0.0.0" }');
});
afterAll(() => rm(copies, { recursive: true, force: true }));

/** A copy of dist/ in which one line throws. @returns its preload */
async function inject(name: string, { file, at }: Fault): Promise<string> {
  const dist = join(copies, name.replaceAll(/\W+/g, '-'));
  await cp(join(root, 'dist'), dist, { recursive: true });
  const source = await readFile(join(dist, file), 'utf8');
  expect(source).toMatch(at);
  const fault = `console.error('${REACHED}'); throw new Error('injected');`;
  await writeFile(
    join(dist, file),
    source.replace(at, (found) => `${found} ${fault}`),
  );
  return pathToFileURL(join(dist, 'register.js')).href;
}

it.each(Object.entries(FAULTS))('lets the app run on when %s throws, and logs it once', async (name, fault) => {
  const port = await freePort();
  const env = { ...NAMED, OTEL_EXPORTER_PROMETHEUS_PORT: port, ...fault.env };
  if (fault.peer) await (await startApp(APP, { env })).metricsUrl();
  const app = await startApp(APP, { env, flags: ['--import', await inject(name, fault)] });
  const answers = [];
  for (let i = 0; i < 20; i++) answers.push(await (await fetch(app.url(`/users/${i}`))).text());
  expect(answers).toEqual(Array(20).fill('hello'));
  await fault.provoke?.(app);
  await app.waitForOutput(new RegExp(REACHED));
  const failures = () =>
    app.stderr
      .replaceAll(`${REACHED}\n`, '')
      .split(/\n(?=\[@org\/apm\])/)
      .map((text) => text.replaceAll('\n', ' '))
      .filter((text) => text.includes('injected') && text.startsWith('[@org/apm]'));
  await until(failures, ({ length }) => length >= fault.logged.length);
  // The app exits with its own code, and logs no further failure.
  expect(await (await fetch(app.url('/end'))).text()).toBe('hello');
  expect(await app.exit).toEqual({ code: 3, signal: null });
  const lines = failures();
  for (const [i, expected] of fault.logged.entries()) expect(lines[i]).toMatch(expected);
  expect(lines.length).toBe(fault.logged.length);
});
