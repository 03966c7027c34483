import { expect, it } from 'vitest';
import { diagnose } from '../../../src/cli/doctor/diagnose.ts';
import type { ApmStatus, ServerStatus } from '../../../src/status.ts';

const AT = '2026-11-22T20:00:00.000Z';

/** A process that all is well with. */
const FINE: ApmStatus = {
  format: 1,
  package: { name: '@org/apm', version: '0.1.0' },
  node: '24.0.0',
  pid: 1,
  uptimeSeconds: 60,
  service: { name: 'shop', version: null },
  startedBy: 'preload',
  outgoing: 'measured',
  servers: [server({})],
  paths: { distinct: 7, max: 500, capped: false },
  scrape: { on: 'metrics server', address: 'http://localhost:9464', path: '/metrics', token: false, exposed: false },
  processes: { scrapedBy: '1', others: [] },
  push: null,
  warnings: [],
};

function server(of: Partial<ServerStatus>, requests: Partial<ServerStatus['requests']> = {}): ServerStatus {
  return {
    address: 'http://127.0.0.1:3000',
    protocol: 'http',
    frameworks: ['Express'],
    ...of,
    requests: { ended: 100, routed: 97, unmatched: 3, ...requests },
  };
}

/** What is found besides what is found in a process that all is well with, as `level id: text -> todo`. */
function found(changes: Partial<ApmStatus>): string[] {
  const lines = (status: ApmStatus) =>
    diagnose(status).map(({ id, level, text, todo }) => [`${level} ${id}: ${text}`, ...todo].join(' -> '));
  const fine = lines(FINE);
  return lines({ ...FINE, ...changes }).filter((line) => !fine.includes(line));
}

it('finds nothing wrong where all is well', () => {
  expect(diagnose(FINE).map(({ level, text, todo }) => [level, text, todo])).toEqual([
    ['ok', 'The preload is in.', []],
    ['ok', 'http://127.0.0.1:3000 (http): Express recognised; 97 of 100 requests had a route (97 %), 3 unmatched.', []],
    ['ok', '7 distinct paths, of 500 at the most.', []],
    ['ok', 'Metrics are scraped at http://localhost:9464/metrics.', []],
    ['ok', 'Outgoing calls are measured.', []],
  ]);
});

const cases: [what: string, changes: Partial<ApmStatus>, found: string[]][] = [
  [
    'setupApm',
    { startedBy: 'setupApm' },
    ["note start: Started by setupApm() in the app's code, without the preload."],
  ],
  [
    'other processes, one of them late',
    {
      processes: {
        scrapedBy: '1',
        others: [
          { pid: '2', late: false },
          { pid: '3.1', late: true },
        ],
      },
    },
    [
      'ok processes: The metrics of 2 other processes are merged here: 2, 3.1. What is said of servers and paths is of process 1 alone.',
      'problem late: Did not answer the last scrape within a second: 3.1. -> Its event loop is blocked, or it is stopped. What it had told before is still counted; apm_processes_late_total says how often that happens.',
    ],
  ],
  [
    'another process that is scraped',
    { processes: { scrapedBy: '7', others: [] } },
    ['ok processes: Its metrics are merged into the scrape of process 7.'],
  ],
  [
    'processes that are being looked for',
    { processes: null },
    ['note no-place: The other processes of the service are being looked for. -> Ask again.'],
  ],
  [
    'no server',
    { servers: [] },
    [
      "problem no-server: No HTTP server listens in this process. -> Ask again once the app listens. -> If it listens in another process (a worker, a child), ask that one's metrics port.",
    ],
  ],
  [
    'two frameworks, and no unmatched request',
    { servers: [server({ frameworks: ['Express', 'Koa'] }, { ended: 1, routed: 1, unmatched: 0 })] },
    ['ok routes: http://127.0.0.1:3000 (http): Express and Koa recognised; 1 of 1 request had a route (100 %).'],
  ],
  [
    'few routes',
    { servers: [server({}, { ended: 1000, routed: 498, unmatched: 3 })] },
    [
      'note few-routes: http://127.0.0.1:3000 (http): Express recognised, but only 498 of 1000 requests had a route (49 %), 3 unmatched. -> Most have none to show: answers of middleware, static files or errors, and in Polka routes without parameters. Their paths go by their shape. -> APM_ROUTES=/users/:id,/files/* names them where the shape is wrong.',
    ],
  ],
  [
    'too few requests to tell',
    { servers: [server({}, { ended: 19, routed: 0, unmatched: 19 })] },
    ['ok routes: http://127.0.0.1:3000 (http): Express recognised; 0 of 19 requests had a route (0 %), 19 unmatched.'],
  ],
  [
    'many unmatched',
    { servers: [server({}, { ended: 100, routed: 49, unmatched: 51 })] },
    [
      'ok routes: http://127.0.0.1:3000 (http): Express recognised; 49 of 100 requests had a route (49 %), 51 unmatched.',
      'problem unmatched: http://127.0.0.1:3000 (http): 51 of 100 requests were unmatched (51 %): no route answered them. -> If the clients are yours, they may have a wrong base path, such as /api/users where the app has /users. -> If they are scanners, the metrics are right: keep them out before the app.',
    ],
  ],
  [
    'no framework',
    { servers: [server({ frameworks: [] }, { ended: 2, routed: 0, unmatched: 1 })] },
    [
      'note no-framework: http://127.0.0.1:3000 (http): no framework recognised; 2 requests, with paths by their shape, 1 unmatched. -> Fine for a service without a router; APM_ROUTES=/users/:id,/files/* names its routes where the shape is wrong. -> With a router: see that the README names its framework, and start the app with the preload, before all else it loads.',
    ],
  ],
  [
    'no request, on servers of all kinds',
    {
      servers: [
        server({ address: 'http://[::]:3000' }, { ended: 0 }),
        server({ address: 'https://0.0.0.0:3443', protocol: 'http2' }, { ended: 0 }),
        server({ address: 'http://[::1]:3001', protocol: 'http2' }, { ended: 0 }),
        server({ address: 'unix:/tmp/app.sock' }, { ended: 0 }),
      ],
    },
    [
      'note no-request: http://[::]:3000 (http): Express recognised; no request yet. -> Send one: curl http://localhost:3000/',
      'note no-request: https://0.0.0.0:3443 (http2): Express recognised; no request yet. -> Send one: curl -k https://localhost:3443/',
      'note no-request: http://[::1]:3001 (http2): Express recognised; no request yet. -> Send one: curl --http2-prior-knowledge http://[::1]:3001/',
      'note no-request: unix:/tmp/app.sock (http): Express recognised; no request yet. -> Send one: curl --unix-socket /tmp/app.sock http://localhost/',
    ],
  ],
  [
    'the cap',
    { paths: { distinct: 500, max: 500, capped: true } },
    [
      'problem capped: There are more than 500 distinct paths: further ones are counted as path="other". -> Look at the path labels: mostly they are values that should be a parameter; APM_ROUTES=/search/:word makes them one. -> If the service does have that many routes, raise APM_MAX_PATHS.',
    ],
  ],
  [
    'a metrics server everybody reaches',
    {
      scrape: { on: 'metrics server', address: 'http://0.0.0.0:9464', path: '/metrics', token: false, exposed: true },
    },
    [
      'ok scrape: Metrics are scraped at http://0.0.0.0:9464/metrics.',
      'problem open: Whoever reaches http://0.0.0.0:9464 can read the metrics: it is bound to more than this machine, without a token. -> Set APM_AUTH_TOKEN, or OTEL_EXPORTER_PROMETHEUS_HOST=localhost.',
    ],
  ],
  [
    'one with a token',
    { scrape: { on: 'metrics server', address: 'http://0.0.0.0:9464', path: '/m', token: true, exposed: true } },
    ['ok scrape: Metrics are scraped at http://0.0.0.0:9464/m, with a token.'],
  ],
  [
    "the app's own port, with a token",
    { scrape: { on: 'app', address: null, path: '/metrics', token: true, exposed: false } },
    ["ok scrape: Metrics are scraped on the app's own port at /metrics, with a token."],
  ],
  [
    'pushes that arrive',
    {
      scrape: null,
      push: { url: 'http://c:4318/v1/metrics', everySeconds: 15, lastSuccess: AT, failingSince: null, error: null },
    },
    [`ok push: Metrics are pushed to http://c:4318/v1/metrics every 15 s; the last one arrived at ${AT}.`],
  ],
  [
    'pushes that have not begun',
    {
      scrape: null,
      push: { url: 'http://c:4318/v1/metrics', everySeconds: 0.1, lastSuccess: null, failingSince: null, error: null },
    },
    ['note push: Metrics are pushed to http://c:4318/v1/metrics every 0.1 s; none has been tried yet.'],
  ],
  [
    'pushes that have begun to fail',
    {
      scrape: null,
      push: { url: 'http://c:4318/v1/metrics', everySeconds: 15, lastSuccess: AT, failingSince: AT, error: 'gone' },
    },
    [
      `problem push-fails: Pushes to http://c:4318/v1/metrics fail since ${AT}, the last one arrived at ${AT}: gone. -> See that a receiver listens there: OTEL_EXPORTER_OTLP_ENDPOINT has the address, OTEL_EXPORTER_OTLP_PROTOCOL the protocol. -> What was counted meanwhile arrives with the next push that does.`,
    ],
  ],
  [
    'an SDK of the app',
    { outgoing: 'left to the app' },
    ['note outgoing: Outgoing calls are left to the OpenTelemetry SDK that the app brings.'],
  ],
  [
    'warnings, each once, and none of what other fields tell',
    {
      warnings: [
        { at: AT, level: 'warn', about: 'setting', text: 'APM_X: wrong' },
        { at: AT, level: 'warn', about: 'state', text: '500 distinct paths reached' },
        { at: AT, level: 'warn', about: 'setting', text: 'APM_X: wrong' },
        { at: AT, level: 'error', about: 'failure', text: 'could not do it' },
      ],
    },
    [
      'problem setting: APM_X: wrong. -> Correct it where the app is started, and start it again.',
      `problem failure: could not do it. -> The app's stderr has more, at ${AT}.`,
    ],
  ],
];

it.each(cases)('has words for %s', (_, changes, expected) => {
  expect(found(changes)).toEqual(expected);
});
