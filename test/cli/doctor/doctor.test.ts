import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { freePort, get } from '../../expose/get.ts';
import { type App, startApp } from '../../support/app.ts';
import { counted } from '../../support/outcome.ts';
import { apm, masked } from '../run.ts';

const PLAIN = 'test/apps/plain/app.mjs';

/** Where the app's metrics server is. */
const metricsOrigin = async (app: App): Promise<string> => new URL(await app.metricsUrl()).origin;

async function ask(app: App, ...paths: string[]): Promise<void> {
  for (const path of paths) await get(app.url(path));
}

/** The exit code, and all that is printed. */
async function doctor(target: string, env: Record<string, string> = {}): Promise<[number, string]> {
  const { code, stdout, stderr } = await apm(['doctor', target], env);
  expect(stderr).toBe('');
  return [code, masked(stdout)];
}

it('has nothing to complain of in an app that was just started, and says how to send it a request', async () => {
  const app = await startApp(PLAIN);
  expect(await doctor(await metricsOrigin(app))).toEqual([
    0,
    `plain 1.2.3: pid PID, up TIME, VERSIONS

ok       The preload is in.
note     http://127.0.0.1:PORT (http): no framework recognised; no request yet.
         -> Send one: curl http://127.0.0.1:PORT/
ok       0 distinct paths, of 500 at the most.
ok       Metrics are scraped at http://localhost:PORT/metrics.
ok       Outgoing calls are measured.

No problems.
`,
  ]);
});

it('names the framework and the share of requests with a route, by port, URL or environment', async () => {
  const app = await startApp('test/apps/express/users.mjs');
  await ask(app, '/users/1', '/users/2', '/books/dune', '/nowhere');
  await counted(app, 4);
  const url = new URL(await app.metricsUrl());
  const expected = `apps: pid PID, up TIME, VERSIONS

ok       The preload is in.
ok       http://127.0.0.1:PORT (http): Express recognised; 3 of 4 requests had a route (75 %), 1 unmatched.
ok       2 distinct paths, of 500 at the most.
ok       Metrics are scraped at http://localhost:PORT/metrics.
ok       Outgoing calls are measured.

No problems.
`;
  for (const target of [url.port, url.host, url.origin, `${url.origin}/`, url.href, `${url.origin}/status`]) {
    expect([target, ...(await doctor(target))]).toEqual([target, 0, expected]);
  }
  const env = { OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0', OTEL_EXPORTER_PROMETHEUS_PORT: url.port };
  const { code, stdout } = await apm(['doctor'], env);
  expect([code, masked(stdout)]).toEqual([0, expected]);
});

it('says that the cap was hit, and by which variable', async () => {
  const app = await startApp(PLAIN, { env: { APM_MAX_PATHS: '2' } });
  await ask(app, '/a', '/b', '/c');
  await counted(app, 3);
  expect(await doctor(await metricsOrigin(app))).toEqual([
    1,
    `plain 1.2.3: pid PID, up TIME, VERSIONS

ok       The preload is in.
note     http://127.0.0.1:PORT (http): no framework recognised; 3 requests, with paths by their shape.
         -> Fine for a service without a router; APM_ROUTES=/users/:id,/files/* names its routes where the shape is wrong.
         -> With a router: see that the README names its framework, and start the app with the preload, before all else it loads.
problem  There are more than 2 distinct paths: further ones are counted as path="other".
         -> Look at the path labels: mostly they are values that should be a parameter; APM_ROUTES=/search/:word makes them one.
         -> If the service does have that many routes, raise APM_MAX_PATHS.
ok       Metrics are scraped at http://localhost:PORT/metrics.
ok       Outgoing calls are measured.

1 problem.
`,
  ]);
});

it('takes the token from the environment, and says where it is missing or wrong', async () => {
  const app = await startApp(PLAIN, { env: { APM_AUTH_TOKEN: 'correct-horse' } });
  const origin = await metricsOrigin(app);
  expect(await doctor(origin)).toEqual([
    1,
    `http://localhost:PORT

problem  http://localhost:PORT asks for a token.
         -> Put the app's into the environment: APM_AUTH_TOKEN=... apm doctor

1 problem.
`,
  ]);
  expect(await doctor(origin, { APM_AUTH_TOKEN: 'battery-staple' })).toEqual([
    1,
    `http://localhost:PORT

problem  http://localhost:PORT refuses the token in APM_AUTH_TOKEN.
         -> Give it the app's: APM_AUTH_TOKEN=... apm doctor

1 problem.
`,
  ]);
  const [code, said] = await doctor(origin, { APM_AUTH_TOKEN: 'correct-horse' });
  expect([code, said.split('\n')[6]]).toEqual([
    0,
    'ok       Metrics are scraped at http://localhost:PORT/metrics, with a token.',
  ]);
});

it('says how to start the app where nothing listens', async () => {
  expect(await doctor(String(await freePort('localhost')))).toEqual([
    1,
    `http://localhost:PORT

problem  Nothing listens at http://localhost:PORT.
         -> Start the app with the preload: node --import @org/apm/register app.js
         -> Or, where another command starts it: NODE_OPTIONS="--import file:///app/dist/register.js" npm start
         -> If it is, its line on stderr, "metrics at ...", says where: apm doctor URL. It comes when a server listens.
         -> With OTEL_METRICS_EXPORTER=otlp there is no such port: APM_METRICS_ON_APP=/metrics answers on the app's own; apm doctor http://localhost:PORT/metrics

1 problem.
`,
  ]);
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('says so where something else answers, and follows no redirect', async () => {
  const asked: string[] = [];
  const other = createServer((request, response) => {
    asked.push(request.url as string);
    response.writeHead(request.url === '/status' ? 302 : 404, { Location: '/elsewhere' }).end('{}');
  });
  expect(await doctor(await listening(other))).toEqual([
    1,
    `http://127.0.0.1:PORT

problem  Something else answers at http://127.0.0.1:PORT: 302 Found for /status.
         -> Find out what has the port; the app's line on stderr, "metrics at ...", says where its metrics are: apm doctor URL.
         -> If the port is in use, set OTEL_EXPORTER_PROMETHEUS_PORT to another, or 0 for any.

1 problem.
`,
  ]);
  expect(asked).toEqual(['/status', '/metrics/status', '/status/status', '/metrics']);
  const noHttp = createTcp((socket) => void socket.end('SSH-2.0-none\r\n'));
  expect(await doctor(await listening(noHttp))).toEqual([
    1,
    `http://127.0.0.1:PORT

problem  Something else listens at http://127.0.0.1:PORT: it does not speak http (HPE_INVALID_CONSTANT).
         -> Give the other of http:// and https://, or the port of the metrics.

1 problem.
`,
  ]);
});

it.each([
  ['JSON that is none', '{'],
  ['JSON of another', '{"status":"ok","package":{"name":"other"}}'],
  ['null', 'null'],
])('takes no other document for a status: %s', async (_, body) => {
  const other = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json').end(body);
  });
  const [code, said] = await doctor(await listening(other));
  expect([code, said.split('\n')[2]]).toEqual([
    1,
    'problem  Something else answers at http://127.0.0.1:PORT: 200 OK for /status.',
  ]);
});

it("finds the status on the app's own port, by the metrics' URL or the port alone, and is not counted", async () => {
  const app = await startApp(PLAIN, { env: { APM_METRICS_ON_APP: '/metrics' } });
  await ask(app, '/users/1');
  const expected = (requests: string, paths: string) => [
    0,
    `plain 1.2.3: pid PID, up TIME, VERSIONS

ok       The preload is in.
note     http://127.0.0.1:PORT (http): no framework recognised; ${requests}, with paths by their shape.
         -> Fine for a service without a router; APM_ROUTES=/users/:id,/files/* names its routes where the shape is wrong.
         -> With a router: see that the README names its framework, and start the app with the preload, before all else it loads.
ok       ${paths}, of 500 at the most.
ok       Metrics are scraped on the app's own port at /metrics.
note     Whoever reaches the app can read the metrics.
         -> APM_AUTH_TOKEN asks for a token.
ok       Outgoing calls are measured.

No problems.
`,
  ];
  for (const target of [app.url('/metrics'), app.url('/metrics/'), app.url('/metrics/status')]) {
    expect(await doctor(target)).toEqual(expected('1 request', '1 distinct path'));
  }
  // Without the path it has to look for it, and the app's own `/status` is an app's request.
  expect(await doctor(app.url(''))).toEqual(expected('2 requests', '2 distinct paths'));
});

it('says since when pushes fail, and why', async () => {
  const port = await freePort('127.0.0.1');
  const app = await startApp(PLAIN, {
    env: {
      OTEL_METRICS_EXPORTER: 'otlp,prometheus',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://user:s3cret@127.0.0.1:${port}`,
    },
  });
  const [, url] = await app.said(/metrics at (\S+) .*;/);
  await ask(app, '/users/1');
  await app.said(/failed to push/);
  expect(await doctor(url as string)).toEqual([
    1,
    `plain 1.2.3: pid PID, up TIME, VERSIONS

ok       The preload is in.
note     http://127.0.0.1:PORT (http): no framework recognised; 1 request, with paths by their shape.
         -> Fine for a service without a router; APM_ROUTES=/users/:id,/files/* names its routes where the shape is wrong.
         -> With a router: see that the README names its framework, and start the app with the preload, before all else it loads.
ok       1 distinct path, of 500 at the most.
ok       Metrics are scraped at http://localhost:PORT/metrics.
problem  Pushes to http://127.0.0.1:PORT/v1/metrics fail since TIME, none has arrived: connect ECONNREFUSED 127.0.0.1:PORT.
         -> See that a receiver listens there: OTEL_EXPORTER_OTLP_ENDPOINT has the address, OTEL_EXPORTER_OTLP_PROTOCOL the protocol.
         -> What was counted meanwhile arrives with the next push that does.
note     Metrics are both scraped and pushed: a Prometheus that gets both ways counts every request twice.
         -> Leave out one way, unless they go to different places: OTEL_METRICS_EXPORTER=prometheus or =otlp.
ok       Outgoing calls are measured.

1 problem.
`,
  ]);
});

it('tells several servers apart', async () => {
  const app = await startApp('test/apps/cli/two.mjs');
  await ask(app, '/users/1');
  await counted(app, 1);
  expect(await doctor(await metricsOrigin(app))).toEqual([
    0,
    `apps: pid PID, up TIME, VERSIONS

ok       The preload is in.
ok       http://127.0.0.1:PORT (http): Express recognised; 1 of 1 request had a route (100 %).
note     https://127.0.0.1:PORT (https): no framework recognised; no request yet.
         -> Send one: curl -k https://127.0.0.1:PORT/
ok       1 distinct path, of 500 at the most.
ok       Metrics are scraped at http://localhost:PORT/metrics.
ok       Outgoing calls are measured.

No problems.
`,
  ]);
});

it('repeats what was wrong with the settings, and that the port is open to everybody', async () => {
  const app = await startApp(PLAIN, {
    env: {
      OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0',
      OTEL_LOG_LEVEL: 'info',
      OTEL_METRIC_EXPORT_INTERVAL: 's3cret',
      APM_ROUTE: '/users/:id',
      APM_OUTGOING: 'false',
    },
  });
  const { port } = new URL(await app.metricsUrl());
  expect(await doctor(port)).toEqual([
    1,
    `plain 1.2.3: pid PID, up TIME, VERSIONS

ok       The preload is in.
note     http://127.0.0.1:PORT (http): no framework recognised; no request yet.
         -> Send one: curl http://127.0.0.1:PORT/
ok       0 distinct paths, of 500 at the most.
ok       Metrics are scraped at http://0.0.0.0:PORT/metrics.
problem  Whoever reaches http://0.0.0.0:PORT can read the metrics: it is bound to more than this machine, without a token.
         -> Set APM_AUTH_TOKEN, or OTEL_EXPORTER_PROMETHEUS_HOST=localhost.
note     Outgoing calls are not measured, as APM_OUTGOING says.
problem  OTEL_METRIC_EXPORT_INTERVAL: expected a whole number of milliseconds, 1 or more; 15000 is used instead.
         -> Correct it where the app is started, and start it again.
problem  APM_ROUTE: there is no such variable; did you mean APM_ROUTES?
         -> Correct it where the app is started, and start it again.

3 problems.
`,
  ]);
});

it('says that nothing listens in a process that serves nothing, and that it was started in code', async () => {
  const app = await startApp('test/apps/cli/idle.mjs', { flags: [], ready: /metrics at/ });
  expect(await doctor(await metricsOrigin(app))).toEqual([
    1,
    `idle 1: pid PID, up TIME, VERSIONS

note     Started by setupApm() in the app's code, without the preload.
problem  No HTTP server listens in this process.
         -> Ask again once the app listens.
         -> If it listens in another process (a worker, a child), ask that one's metrics port.
ok       0 distinct paths, of 500 at the most.
ok       Metrics are scraped at http://localhost:PORT/metrics.
ok       Outgoing calls are measured.

1 problem.
`,
  ]);
});

it("says that the app's own handler has no status", async () => {
  const app = await startApp('test/apps/plain/setup-express.mjs', { flags: [] });
  expect(await doctor(app.url('/metrics'))).toEqual([
    1,
    `http://127.0.0.1:PORT/metrics

problem  Metrics are served at http://127.0.0.1:PORT/metrics, but no status: by the app's own apm.handler, or by something else.
         -> setupApm({ exporters: ['prometheus'] }) opens a metrics server, which has the status too: apm doctor with its address.

1 problem.
`,
  ]);
});

it('finds the status where the scrape itself is at /status', async () => {
  const app = await startApp(PLAIN, { env: { APM_METRICS_PATH: '/status' } });
  const url = await app.metricsUrl();
  expect((await get(url)).text).toMatch(/^# HELP target_info /);
  for (const target of [url, new URL(url).origin]) {
    const [code, said] = await doctor(target);
    expect([code, said.split('\n')[6]]).toEqual([0, 'ok       Metrics are scraped at http://localhost:PORT/status.']);
  }
});

it('prints the findings as JSON', async () => {
  const app = await startApp(PLAIN);
  const origin = await metricsOrigin(app);
  const { code, stdout } = await apm(['doctor', '--json', origin]);
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    {
      target: origin,
      findings: [
        { id: 'start', level: 'ok', text: 'The preload is in.', todo: [] },
        {
          id: 'no-request',
          level: 'note',
          text: `${app.url('')} (http): no framework recognised; no request yet.`,
          todo: [`Send one: curl ${app.url('/')}`],
        },
        { id: 'paths', level: 'ok', text: '0 distinct paths, of 500 at the most.', todo: [] },
        { id: 'scrape', level: 'ok', text: `Metrics are scraped at ${origin}/metrics.`, todo: [] },
        { id: 'outgoing', level: 'ok', text: 'Outgoing calls are measured.', todo: [] },
      ],
    },
  ]);
});
