import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { freePort, get } from '../../expose/get.ts';
import { type App, type AppOptions, startApp as start } from '../../support/app.ts';
import { waitForRequests } from '../../support/outcome.ts';
import { apm, maskVolatile } from '../run.ts';

const PLAIN = 'test/apps/plain/app.mjs';

/** With context on every Node, so that the findings are the same. */
const startApp = (file: string, options: AppOptions = {}): Promise<App> =>
  start(file, { ...options, env: { APM_CONTEXT: 'true', ...options.env } });

/** The origin of the app's metrics server. */
const metricsOrigin = async (app: App): Promise<string> => new URL(await app.metricsUrl()).origin;

async function ask(app: App, ...paths: string[]): Promise<void> {
  for (const path of paths) await get(app.url(path));
}

/** The exit code and the output. */
async function doctor(target: string, env: Record<string, string> = {}): Promise<[number, string]> {
  const { code, stdout, stderr } = await apm(['doctor', target], env);
  expect(stderr).toBe('');
  return [code, maskVolatile(stdout)];
}

it('finds no problem in an app that just started, and shows how to send it a request', async () => {
  const app = await startApp(PLAIN);
  expect(await doctor(await metricsOrigin(app))).toEqual([
    0,
    `plain 1.2.3: pid PID, up TIME, VERSIONS

ok       Preload active.
note     http://127.0.0.1:PORT (http): no framework recognised; no request yet.
         -> Send a request: curl http://127.0.0.1:PORT/
ok       0 distinct paths; the limit is 500.
ok       Metrics are served at http://localhost:PORT/metrics.
ok       Outgoing calls are measured.

No problems.
`,
  ]);
});

it('reports the framework and the share of requests with a route; takes a port, a URL or the environment', async () => {
  const app = await startApp('test/apps/express/users.mjs');
  await ask(app, '/users/1', '/users/2', '/books/dune', '/nowhere');
  await waitForRequests(app, 4);
  const url = new URL(await app.metricsUrl());
  const expected = `apps: pid PID, up TIME, VERSIONS

ok       Preload active.
ok       http://127.0.0.1:PORT (http): Express recognised; 3 of 4 requests had a route (75 %), 1 unmatched.
ok       2 distinct paths; the limit is 500.
ok       Metrics are served at http://localhost:PORT/metrics.
ok       Outgoing calls are measured.

No problems.
`;
  for (const target of [url.port, url.host, url.origin, `${url.origin}/`, url.href, `${url.origin}/status`]) {
    expect([target, ...(await doctor(target))]).toEqual([target, 0, expected]);
  }
  const env = { OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0', OTEL_EXPORTER_PROMETHEUS_PORT: url.port };
  const { code, stdout } = await apm(['doctor'], env);
  expect([code, maskVolatile(stdout)]).toEqual([0, expected]);
});

it('reports that the limit of paths was reached, and how to change it', async () => {
  const app = await startApp(PLAIN, { env: { APM_MAX_PATHS: '2' } });
  await ask(app, '/a', '/b', '/c');
  await waitForRequests(app, 3);
  expect(await doctor(await metricsOrigin(app))).toEqual([
    1,
    `plain 1.2.3: pid PID, up TIME, VERSIONS

ok       Preload active.
note     http://127.0.0.1:PORT (http): no framework recognised; 3 requests, paths guessed from the URLs.
         -> Fine for a service without a router. Where a guess is wrong, name the routes: APM_ROUTES=/users/:id,/files/*
         -> With a router: check that the README lists the framework, and that the preload comes before everything else the app loads.
problem  The limit of 2 guessed paths is reached: new ones are counted as path="other".
         -> Check the path labels. If they contain ids or words, replace those by a parameter: APM_ROUTES=/search/:word
         -> If scanners asked for them, block scanners in front of the app.
         -> If the service really has that many paths, raise APM_MAX_PATHS.
ok       Metrics are served at http://localhost:PORT/metrics.
ok       Outgoing calls are measured.

1 problem.
`,
  ]);
});

it('sends the token of the environment, and reports a missing or invalid one', async () => {
  const app = await startApp(PLAIN, { env: { APM_AUTH_TOKEN: 'correct-horse' } });
  const origin = await metricsOrigin(app);
  expect(await doctor(origin)).toEqual([
    1,
    `http://localhost:PORT

problem  http://localhost:PORT requires a bearer token.
         -> Set the app's token in the environment: APM_AUTH_TOKEN=... apm doctor

1 problem.
`,
  ]);
  expect(await doctor(origin, { APM_AUTH_TOKEN: 'battery-staple' })).toEqual([
    1,
    `http://localhost:PORT

problem  Invalid token: http://localhost:PORT refuses the one in APM_AUTH_TOKEN.
         -> Use the app's token: APM_AUTH_TOKEN=... apm doctor

1 problem.
`,
  ]);
  const [code, output] = await doctor(origin, { APM_AUTH_TOKEN: 'correct-horse' });
  expect([code, output.split('\n')[6]]).toEqual([
    0,
    'ok       Metrics are served at http://localhost:PORT/metrics, with a bearer token.',
  ]);
});

it('explains how to start the app if nothing listens', async () => {
  expect(await doctor(String(await freePort()))).toEqual([
    1,
    `http://localhost:PORT

problem  Nothing listens at http://localhost:PORT.
         -> Start the app with the preload: node --import @org/apm/register app.js
         -> If another command starts the app: NODE_OPTIONS="--import file:///app/dist/register.js" npm start
         -> If the preload is active: once a server listens, the app logs "metrics at ..." on stderr. Give that address: apm doctor URL
         -> With OTEL_METRICS_EXPORTER=otlp there is no metrics server. Set APM_METRICS_ON_APP=/metrics and ask the app: apm doctor http://localhost:PORT/metrics

1 problem.
`,
  ]);
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('recognises another program, and follows no redirect', async () => {
  const requests: string[] = [];
  const other = createServer((request, response) => {
    requests.push(request.url as string);
    response.writeHead(request.url === '/status' ? 302 : 404, { Location: '/elsewhere' }).end('{}');
  });
  expect(await doctor(await listening(other))).toEqual([
    1,
    `http://127.0.0.1:PORT

problem  Another program answers at http://127.0.0.1:PORT: 302 Found for /status.
         -> Find out which program has the port. The app logs its own address on stderr, "metrics at ...": apm doctor URL
         -> If the port is in use, set OTEL_EXPORTER_PROMETHEUS_PORT to another port, or to 0 for any free one.

1 problem.
`,
  ]);
  expect(requests).toEqual(['/status', '/metrics/status', '/status/status', '/metrics']);
  const noHttp = createTcp((socket) => void socket.end('SSH-2.0-none\r\n'));
  expect(await doctor(await listening(noHttp))).toEqual([
    1,
    `http://127.0.0.1:PORT

problem  Another program listens at http://127.0.0.1:PORT: it does not speak http (HPE_INVALID_CONSTANT).
         -> Switch between http:// and https://, or give the port of the metrics.

1 problem.
`,
  ]);
});

it.each([
  ['invalid JSON', '{'],
  ['JSON of another program', '{"status":"ok","package":{"name":"other"}}'],
  ['null', 'null'],
])('recognises that another document is not a status: %s', async (_, body) => {
  const other = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json').end(body);
  });
  const [code, output] = await doctor(await listening(other));
  expect([code, output.split('\n')[2]]).toEqual([
    1,
    'problem  Another program answers at http://127.0.0.1:PORT: 200 OK for /status.',
  ]);
});

it("finds the status on the app's own port, by the metrics' URL or the port alone, and is not counted", async () => {
  const app = await startApp(PLAIN, { env: { APM_METRICS_ON_APP: '/metrics' } });
  await ask(app, '/users/1');
  const expected = (requests: string, paths: string) => [
    0,
    `plain 1.2.3: pid PID, up TIME, VERSIONS

ok       Preload active.
note     http://127.0.0.1:PORT (http): no framework recognised; ${requests}, paths guessed from the URLs.
         -> Fine for a service without a router. Where a guess is wrong, name the routes: APM_ROUTES=/users/:id,/files/*
         -> With a router: check that the README lists the framework, and that the preload comes before everything else the app loads.
ok       ${paths}; the limit is 500.
ok       Metrics are served on the app's own port at /metrics.
note     Metrics are readable without authentication by anyone who can reach the app.
         -> Set APM_AUTH_TOKEN to require a bearer token.
ok       Outgoing calls are measured.

No problems.
`,
  ];
  for (const target of [app.url('/metrics'), app.url('/metrics/'), app.url('/metrics/status')]) {
    expect(await doctor(target)).toEqual(expected('1 request', '1 distinct path, guessed from URLs'));
  }
  // Without a path it tries several, and the app itself answers `/status`, which counts as a request.
  expect(await doctor(app.url(''))).toEqual(expected('2 requests', '2 distinct paths, guessed from URLs'));
});

it('reports since when pushes have failed, and why', async () => {
  const port = await freePort();
  const app = await startApp(PLAIN, {
    env: {
      OTEL_METRICS_EXPORTER: 'otlp,prometheus',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://user:s3cret@127.0.0.1:${port}`,
    },
  });
  const [, url] = await app.waitForOutput(/metrics at (\S+) .*;/);
  await ask(app, '/users/1');
  await app.waitForOutput(/failed to push/);
  expect(await doctor(url as string)).toEqual([
    1,
    `plain 1.2.3: pid PID, up TIME, VERSIONS

ok       Preload active.
note     http://127.0.0.1:PORT (http): no framework recognised; 1 request, paths guessed from the URLs.
         -> Fine for a service without a router. Where a guess is wrong, name the routes: APM_ROUTES=/users/:id,/files/*
         -> With a router: check that the README lists the framework, and that the preload comes before everything else the app loads.
ok       1 distinct path, guessed from URLs; the limit is 500.
ok       Metrics are served at http://localhost:PORT/metrics.
problem  Pushes to http://127.0.0.1:PORT/v1/metrics have failed since TIME (last success: none): connect ECONNREFUSED 127.0.0.1:PORT.
         -> Check that a receiver listens there: OTEL_EXPORTER_OTLP_ENDPOINT sets the address, OTEL_EXPORTER_OTLP_PROTOCOL the protocol.
         -> No counts are lost: the next successful push includes them.
note     Metrics are both scraped and pushed. A Prometheus that receives both counts every request twice.
         -> Unless they go to different systems, choose one: OTEL_METRICS_EXPORTER=prometheus or OTEL_METRICS_EXPORTER=otlp.
ok       Outgoing calls are measured.

1 problem.
`,
  ]);
});

it('has a finding for each server', async () => {
  const app = await startApp('test/apps/cli/express-and-https.mjs');
  await ask(app, '/users/1');
  await waitForRequests(app, 1);
  expect(await doctor(await metricsOrigin(app))).toEqual([
    0,
    `apps: pid PID, up TIME, VERSIONS

ok       Preload active.
ok       http://127.0.0.1:PORT (http): Express recognised; 1 of 1 request had a route (100 %).
note     https://127.0.0.1:PORT (https): no framework recognised; no request yet.
         -> Send a request: curl -k https://127.0.0.1:PORT/
ok       1 distinct path; the limit is 500.
ok       Metrics are served at http://localhost:PORT/metrics.
ok       Outgoing calls are measured.

No problems.
`,
  ]);
});

it('reports invalid settings, and metrics that other machines can read', async () => {
  const app = await startApp(PLAIN, {
    env: {
      OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0',
      OTEL_LOG_LEVEL: 'info',
      OTEL_METRIC_EXPORT_INTERVAL: 's3cret',
      APM_BUCKETS: '5,10,25,50,100,250,500,1000',
      APM_ROUTE: '/users/:id',
      APM_OUTGOING: 'false',
    },
  });
  const { port } = new URL(await app.metricsUrl());
  expect(await doctor(port)).toEqual([
    1,
    `plain 1.2.3: pid PID, up TIME, VERSIONS

ok       Preload active.
note     http://127.0.0.1:PORT (http): no framework recognised; no request yet.
         -> Send a request: curl http://127.0.0.1:PORT/
ok       0 distinct paths; the limit is 500.
ok       Metrics are served at http://0.0.0.0:PORT/metrics.
problem  Metrics at http://0.0.0.0:PORT are readable without authentication, also from other machines.
         -> Set APM_AUTH_TOKEN to require a bearer token, or OTEL_EXPORTER_PROMETHEUS_HOST=localhost.
note     Outgoing calls are not measured, because APM_OUTGOING is off.
problem  APM_BUCKETS: expected seconds, given what looks like milliseconds; write 0.005,0.01,0.025,0.05,0.1,0.25,0.5,1.
         -> Correct it and restart the app.
problem  OTEL_METRIC_EXPORT_INTERVAL: expected a whole number of milliseconds, 1 or more; 15000 is used instead.
         -> Correct it and restart the app.
problem  APM_ROUTE: there is no such variable; did you mean APM_ROUTES?
         -> Correct it and restart the app.

4 problems.
`,
  ]);
});

it('reports a process without a server, and a start in code', async () => {
  const app = await startApp('test/apps/cli/idle.mjs', { flags: [], ready: /metrics at/ });
  expect(await doctor(await metricsOrigin(app))).toEqual([
    1,
    `idle 1: pid PID, up TIME, VERSIONS

note     Started by setupApm() in the app's code, without the preload.
problem  No HTTP server listens in this process.
         -> Run this again once the app listens.
         -> If the app listens in another process (a worker or a child), give the metrics port of that process.
ok       0 distinct paths; the limit is 500.
ok       Metrics are served at http://localhost:PORT/metrics.
ok       Outgoing calls are measured.

1 problem.
`,
  ]);
});

it("explains that the app's own handler has no status", async () => {
  const app = await startApp('test/apps/plain/setup-express.mjs', { flags: [] });
  expect(await doctor(app.url('/metrics'))).toEqual([
    1,
    `http://127.0.0.1:PORT/metrics

problem  http://127.0.0.1:PORT/metrics serves metrics, but no status: it is the app's own apm.handler, or another program.
         -> setupApm({ exporters: ['prometheus'] }) starts a metrics server, which also serves the status. Give its address: apm doctor URL

1 problem.
`,
  ]);
});

it('says how to know outgoing calls by their requests, where they are not', async () => {
  const app = await startApp(PLAIN, { env: { APM_CONTEXT: 'false' } });
  const [code, output] = await doctor(await metricsOrigin(app));
  expect([code, output.split('\n').slice(8, 10)]).toEqual([
    0,
    [
      'note     It is not known which request makes an outgoing call, so http_time_spent_seconds_total is missing.',
      expect.stringMatching(/^ {9}-> Set APM_CONTEXT=true[.,]/),
    ],
  ]);
});

it('finds the status if the scrape itself is at /status', async () => {
  const app = await startApp(PLAIN, { env: { APM_METRICS_PATH: '/status' } });
  const url = await app.metricsUrl();
  expect((await get(url)).text).toMatch(/^# HELP target_info /);
  for (const target of [url, new URL(url).origin]) {
    const [code, output] = await doctor(target);
    expect([code, output.split('\n')[6]]).toEqual([0, 'ok       Metrics are served at http://localhost:PORT/status.']);
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
        { id: 'start', level: 'ok', text: 'Preload active.', todo: [] },
        {
          id: 'no-request',
          level: 'note',
          text: `${app.url('')} (http): no framework recognised; no request yet.`,
          todo: [`Send a request: curl ${app.url('/')}`],
        },
        { id: 'paths', level: 'ok', text: '0 distinct paths; the limit is 500.', todo: [] },
        { id: 'scrape', level: 'ok', text: `Metrics are served at ${origin}/metrics.`, todo: [] },
        { id: 'outgoing', level: 'ok', text: 'Outgoing calls are measured.', todo: [] },
      ],
    },
  ]);
});
