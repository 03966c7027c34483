import { expect, it } from 'vitest';
import { diagnose } from '../../../src/cli/doctor/diagnose.ts';
import type { ApmStatus, ServerStatus } from '../../../src/status.ts';

const AT = '2026-11-22T20:00:00.000Z';

/** The status of a process without problems. */
const FINE: ApmStatus = {
  format: 1,
  package: { name: '@org/apm', version: '0.1.0' },
  node: '24.0.0',
  pid: 1,
  uptimeSeconds: 60,
  service: { name: 'shop', version: null },
  startedBy: 'preload',
  outgoing: 'measured',
  context: 'on',
  servers: [server({})],
  paths: { distinct: 7, guessed: 0, crowded: [], max: 500, capped: false },
  hiddenFrameworks: [],
  adapterFailures: [],
  durations: { bounds: [0.005, 0.5, 10], timed: 10_000, inFirst: 9_499, aboveTop: 1, p50: 0.004, p99: 0.2 },
  scrape: { on: 'metrics server', address: 'http://localhost:9464', path: '/metrics', token: false, exposed: false },
  processes: { scrapedBy: '1', others: [], paths: null },
  push: null,
  warnings: [],
};

function server(of: Partial<ServerStatus>, requests: Partial<ServerStatus['requests']> = {}): ServerStatus {
  return {
    address: 'http://127.0.0.1:3000',
    protocol: 'http',
    frameworks: ['Express'],
    ...of,
    requests: { ended: 100, answered: 90, routed: 97, unmatched: 3, ...requests },
  };
}

/** The findings that a process without problems does not have, as `level id: text -> todo`. */
function found(changes: Partial<ApmStatus>): string[] {
  const lines = (status: ApmStatus) =>
    diagnose(status).map(({ id, level, text, todo }) => [`${level} ${id}: ${text}`, ...todo].join(' -> '));
  const fine = lines(FINE);
  return lines({ ...FINE, ...changes }).filter((line) => !fine.includes(line));
}

it('finds no problem in a healthy process', () => {
  expect(diagnose(FINE).map(({ level, text, todo }) => [level, text, todo])).toEqual([
    ['ok', 'Preload active.', []],
    ['ok', 'http://127.0.0.1:3000 (http): Express recognised; 97 of 100 requests had a route (97 %), 3 unmatched.', []],
    ['ok', '7 distinct paths; the limit is 500.', []],
    ['ok', 'Metrics are served at http://localhost:9464/metrics.', []],
    ['ok', 'Outgoing calls are measured.', []],
  ]);
});

it('reads the status of an older version, which has fewer fields', () => {
  const { adapterFailures: _, hiddenFrameworks: __, processes: ___, durations: ____, ...others } = FINE;
  const older = {
    ...others,
    servers: FINE.servers.map(({ requests: { answered: _, ...requests }, ...server }) => ({ ...server, requests })),
    paths: { distinct: 7, max: 500, capped: false },
    processes: { scrapedBy: '1', others: [] },
  };
  expect(diagnose(older as unknown as ApmStatus)).toEqual(diagnose(FINE));
});

const cases: [what: string, changes: Partial<ApmStatus>, found: string[]][] = [
  [
    'a framework that cannot show its routes',
    { adapterFailures: [{ framework: 'Nuxt', text: 'no page was rendered', isHidden: true }] },
    [
      'note hidden-routes: The routes of Nuxt cannot be read: no page was rendered. Its requests are counted by the shape of their paths, so the path labels are guesses. -> Name its routes: APM_ROUTES=/users/:id,/files/*',
    ],
  ],
  [
    'h3 1 with a hook of its own',
    {
      adapterFailures: [
        {
          framework: 'h3',
          text: 'its listener was found, but its first requests did not show the objects that have the routes',
        },
      ],
    },
    [
      'note hidden-routes: The routes of h3 cannot be read: its listener was found, but its first requests did not show the objects that have the routes. Its requests are counted by the shape of their paths, so the path labels are guesses. -> An app of h3 1 with its own hook `onRequest` shows no routes. Remove the hook, or name the routes: APM_ROUTES=/users/:id,/files/*',
    ],
  ],
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
        paths: { distinct: 9, guessed: 1, max: 500, capped: false },
      },
    },
    [
      'ok processes: This scrape includes 2 other processes: 2, 3.1. The findings about servers and paths are for process 1 only.',
      'problem late: No answer within a second at the last scrape: 3.1. -> Check whether the event loop of that process is blocked, or the process is stopped. Its earlier counts are kept. apm_processes_late_total counts such scrapes.',
    ],
  ],
  [
    'a process that is part of the scrape of another',
    { processes: { scrapedBy: '7', others: [], paths: null } },
    ['ok processes: The metrics of this process are part of the scrape of process 7.'],
  ],
  [
    'a process that still looks for the others',
    { processes: null },
    ['note no-place: Still looking for the other processes of the service. -> Run this again.'],
  ],
  [
    'no server',
    { servers: [] },
    [
      'problem no-server: No HTTP server listens in this process. -> Run this again once the app listens. -> If the app listens in another process (a worker or a child), give the metrics port of that process.',
    ],
  ],
  [
    'two frameworks, and no unmatched request',
    { servers: [server({ frameworks: ['Express', 'Koa'] }, { ended: 1, routed: 1, unmatched: 0 })] },
    ['ok routes: http://127.0.0.1:3000 (http): Express and Koa recognised; 1 of 1 request had a route (100 %).'],
  ],
  [
    'a framework whose routes cannot be read',
    { adapterFailures: [{ framework: 'Express', text: 'its app has no property `router`' }] },
    [
      'problem adapter-failed: The routes of Express cannot be read: its app has no property `router`. Its requests are counted by the shape of their paths, so the path labels are guesses. -> Report this with the versions of @org/apm, Express and Node.js. -> Until it is fixed, APM_ROUTES=/users/:id,/files/* names the routes.',
    ],
  ],
  [
    'few routes',
    { servers: [server({}, { ended: 1000, routed: 498, unmatched: 3 })] },
    [
      'note few-routes: http://127.0.0.1:3000 (http): Express recognised, but only 498 of 1000 requests had a route (49 %), 3 unmatched. -> Usual reasons: middleware, static files or errors answered, or the routes are Polka routes without parameters. Those paths are guessed from the URL. -> Where a guess is wrong, name the routes: APM_ROUTES=/users/:id,/files/*',
    ],
  ],
  [
    'too few requests to judge their routes',
    { servers: [server({}, { ended: 19, answered: 0, routed: 0, unmatched: 19 })] },
    ['ok routes: http://127.0.0.1:3000 (http): Express recognised; 0 of 19 requests had a route (0 %), 19 unmatched.'],
  ],
  [
    'many unmatched requests',
    { servers: [server({}, { ended: 100, routed: 49, unmatched: 51 })] },
    [
      'ok routes: http://127.0.0.1:3000 (http): Express recognised; 49 of 100 requests had a route (49 %), 51 unmatched.',
      'problem unmatched: http://127.0.0.1:3000 (http): 51 of 100 requests were unmatched (51 %): no route answered them. -> If these are your own clients, check their base path: they may ask for /api/users where the app has /users. -> If these are scanners, the metrics are right. Block scanners in front of the app.',
    ],
  ],
  [
    'no framework',
    { servers: [server({ frameworks: [] }, { ended: 2, routed: 0, unmatched: 1 })] },
    [
      'note no-framework: http://127.0.0.1:3000 (http): no framework recognised; 2 requests, paths guessed from the URLs, 1 unmatched. -> Fine for a service without a router. Where a guess is wrong, name the routes: APM_ROUTES=/users/:id,/files/* -> With a router: check that the README lists the framework, and that the preload comes before everything else the app loads.',
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
      'note no-request: http://[::]:3000 (http): Express recognised; no request yet. -> Send a request: curl http://localhost:3000/',
      'note no-request: https://0.0.0.0:3443 (http2): Express recognised; no request yet. -> Send a request: curl -k https://localhost:3443/',
      'note no-request: http://[::1]:3001 (http2): Express recognised; no request yet. -> Send a request: curl --http2-prior-knowledge http://[::1]:3001/',
      'note no-request: unix:/tmp/app.sock (http): Express recognised; no request yet. -> Send a request: curl --unix-socket /tmp/app.sock http://localhost/',
    ],
  ],
  [
    'answers none of which had a route, of a framework',
    { servers: [server({ frameworks: ['Express', 'Next.js'] }, { ended: 7, answered: 5, routed: 0, unmatched: 2 })] },
    [
      'note no-routes: http://127.0.0.1:3000 (http): Express and Next.js recognised, but none of 5 answered requests had a route; their paths are guessed from the URLs. -> Usual reasons: only middleware or static files answered, or a handler for all paths that has a router of its own. -> Name its routes: APM_ROUTES=/users/:id,/files/* -> If routes of Express or Next.js were asked for, report this with the versions of @org/apm, Express, Next.js and Node.js.',
    ],
  ],
  [
    'guessed paths below the limit',
    { paths: { distinct: 8, guessed: 3, crowded: [], max: 500, capped: false } },
    ['ok paths: 8 distinct paths, 3 of them guessed from URLs; the limit is 500 routes and 500 guesses.'],
  ],
  [
    'the limit of routes',
    { paths: { distinct: 510, guessed: 10, crowded: [], max: 500, capped: true } },
    [
      'problem capped: The limit of 500 routes is reached: new ones are counted as path="other". -> Check the path labels. If they contain ids or words, replace those by a parameter: APM_ROUTES=/search/:word -> If the service really has that many routes, raise APM_MAX_PATHS.',
    ],
  ],
  [
    'the limit of guessed paths',
    { paths: { distinct: 510, guessed: 500, crowded: [], max: 500, capped: true } },
    [
      'problem capped: The limit of 500 guessed paths is reached: new ones are counted as path="other". -> Routes keep their labels: they have a limit of their own. -> Check the path labels. If they contain ids or words, replace those by a parameter: APM_ROUTES=/search/:word -> If scanners asked for them, block scanners in front of the app. -> If the service really has that many paths, raise APM_MAX_PATHS.',
    ],
  ],
  [
    'the limit of guessed paths, which only all processes together have reached',
    { processes: { scrapedBy: '1', others: [], paths: { distinct: 509, guessed: 500, max: 500, capped: true } } },
    [
      'problem capped: The limit of 500 guessed paths of all processes together is reached: new ones are counted as path="other". -> Routes keep their labels: they have a limit of their own. -> Check the path labels. If they contain ids or words, replace those by a parameter: APM_ROUTES=/search/:word -> If scanners asked for them, block scanners in front of the app. -> If the service really has that many paths, raise APM_MAX_PATHS.',
    ],
  ],
  [
    'paths with many guessed names below them',
    { paths: { distinct: 7, guessed: 0, crowded: ['/blog', '/', '/*/tags', '/users/:id'], max: 500, capped: false } },
    [
      'note crowded: /blog has many guessed names below it, so further ones share one path. -> If the name is data, name it: APM_ROUTES=/blog/:slug. The first template that matches wins, so list fixed names before it.',
      'note crowded: / has many guessed names below it, so further ones share one path. -> If the name is data, name it: APM_ROUTES=/:slug. The first template that matches wins, so list fixed names before it.',
      'note crowded: /*/tags has many guessed names below it, so further ones share one path. -> If the name is data, name it: APM_ROUTES=/:name/tags/:slug. The first template that matches wins, so list fixed names before it.',
      'note crowded: /users/:id has many guessed names below it, so further ones share one path. -> If the name is data, name it: APM_ROUTES=/users/:id/:slug. The first template that matches wins, so list fixed names before it.',
    ],
  ],
  [
    'frameworks whose routes cannot be seen, unless they are recognised',
    {
      hiddenFrameworks: ['Astro', 'Nuxt'],
      servers: [server({ frameworks: ['Nuxt'] })],
      paths: { distinct: 7, guessed: 6, crowded: [], max: 500, capped: false },
    },
    [
      'ok routes: http://127.0.0.1:3000 (http): Nuxt recognised; 97 of 100 requests had a route (97 %), 3 unmatched.',
      'ok paths: 7 distinct paths, 6 of them guessed from URLs; the limit is 500 routes and 500 guesses.',
      'note hidden-routes: The app depends on Astro, but its build was not found: it is neither in `build` or `dist` nor imported by the main file. Its paths are guessed. -> Import it by a path that is written out, or name the pages: APM_ROUTES=/blog/:slug,/docs/*. In Astro, src/pages/blog/[slug].astro is /blog/:slug, [...path] is *.',
    ],
  ],
  [
    'a build that was not found, instead of what no route was seen of',
    {
      hiddenFrameworks: ['React Router', 'Nuxt'],
      servers: [server({ frameworks: ['Express'] }, { ended: 8, answered: 8, routed: 0, unmatched: 0 })],
      adapterFailures: [{ framework: 'Nuxt', text: 'no page was rendered', isHidden: true }],
      paths: { distinct: 7, guessed: 7, crowded: [], max: 500, capped: false },
    },
    [
      'ok routes: http://127.0.0.1:3000 (http): Express recognised; 0 of 8 requests had a route (0 %).',
      'note hidden-routes: The routes of Nuxt cannot be read: no page was rendered. Its requests are counted by the shape of their paths, so the path labels are guesses. -> Name its routes: APM_ROUTES=/users/:id,/files/*',
      'ok paths: 7 distinct paths, guessed from URLs; the limit is 500.',
      'note hidden-routes: The app depends on React Router, but its build was not found: it is neither in `build` or `dist` nor imported by the main file. Its paths are guessed. -> Import it by a path that is written out, or name the pages: APM_ROUTES=/blog/:slug,/docs/*. In React Router, /blog/:id? is /blog,/blog/:id.',
    ],
  ],
  [
    'nothing about such a framework where most paths have a route',
    { hiddenFrameworks: ['Astro'], paths: { distinct: 7, guessed: 3, crowded: [], max: 500, capped: false } },
    ['ok paths: 7 distinct paths, 3 of them guessed from URLs; the limit is 500 routes and 500 guesses.'],
  ],
  [
    'a metrics server that other machines can reach',
    {
      scrape: { on: 'metrics server', address: 'http://0.0.0.0:9464', path: '/metrics', token: false, exposed: true },
    },
    [
      'ok scrape: Metrics are served at http://0.0.0.0:9464/metrics.',
      'problem open: Metrics at http://0.0.0.0:9464 are readable without authentication, also from other machines. -> Set APM_AUTH_TOKEN to require a bearer token, or OTEL_EXPORTER_PROMETHEUS_HOST=localhost.',
    ],
  ],
  [
    'a metrics server with a token',
    { scrape: { on: 'metrics server', address: 'http://0.0.0.0:9464', path: '/m', token: true, exposed: true } },
    ['ok scrape: Metrics are served at http://0.0.0.0:9464/m, with a bearer token.'],
  ],
  [
    "the app's own port, with a bearer token",
    { scrape: { on: 'app', address: null, path: '/metrics', token: true, exposed: false } },
    ["ok scrape: Metrics are served on the app's own port at /metrics, with a bearer token."],
  ],
  [
    'pushes that arrive',
    {
      scrape: null,
      push: { url: 'http://c:4318/v1/metrics', everySeconds: 15, lastSuccess: AT, failingSince: null, error: null },
    },
    [`ok push: Metrics are pushed to http://c:4318/v1/metrics every 15 s; last success ${AT}.`],
  ],
  [
    'a push that has not happened yet',
    {
      scrape: null,
      push: { url: 'http://c:4318/v1/metrics', everySeconds: 0.1, lastSuccess: null, failingSince: null, error: null },
    },
    ['note push: Metrics are pushed to http://c:4318/v1/metrics every 0.1 s; no push yet.'],
  ],
  [
    'failing pushes',
    {
      scrape: null,
      push: { url: 'http://c:4318/v1/metrics', everySeconds: 15, lastSuccess: AT, failingSince: AT, error: 'gone' },
    },
    [
      `problem push-fails: Pushes to http://c:4318/v1/metrics have failed since ${AT} (last success: ${AT}): gone. -> Check that a receiver listens there: OTEL_EXPORTER_OTLP_ENDPOINT sets the address, OTEL_EXPORTER_OTLP_PROTOCOL the protocol. -> No counts are lost: the next successful push includes them.`,
    ],
  ],
  [
    'outgoing calls that are not known by their requests, where Node makes that expensive',
    { context: 'off', node: '22.12.0' },
    [
      'note context: It is not known which request makes an outgoing call, so http_time_spent_seconds_total is missing. -> Set APM_CONTEXT=true, or run Node.js 24 or later. On Node.js 22.12.0 it costs about 2 µs for each request.',
    ],
  ],
  [
    'outgoing calls that are not known by their requests, because that is switched off',
    { context: 'off', node: '24.21.0' },
    [
      'note context: It is not known which request makes an outgoing call, so http_time_spent_seconds_total is missing. -> Set APM_CONTEXT=true.',
    ],
  ],
  [
    'warnings: each once, and no states, which other fields have',
    {
      warnings: [
        { at: AT, level: 'warn', about: 'setting', text: 'APM_X: wrong' },
        { at: AT, level: 'warn', about: 'state', text: '500 distinct paths reached' },
        { at: AT, level: 'warn', about: 'setting', text: 'APM_X: wrong' },
        { at: AT, level: 'error', about: 'failure', text: 'could not do it' },
      ],
    },
    [
      'problem setting: APM_X: wrong. -> Correct it and restart the app.',
      `problem failure: could not do it. -> See the app's stderr at ${AT} for details.`,
    ],
  ],
];

it.each(cases)('explains %s', (_, changes, expected) => {
  expect(found(changes)).toEqual(expected);
});

it('notes that nearly all requests are in one bucket, and which bounds to try', () => {
  const durations = { bounds: [0.005, 0.5, 10], timed: 1_000, inFirst: 0, aboveTop: 0, p50: 0.0004, p99: 0.002 };
  expect(found({ durations: { ...durations, inFirst: 958 } })).toEqual([
    'note buckets: 958 of 1000 timed requests (95 %) took 5 ms or less, the lowest bound of APM_BUCKETS, so Prometheus can only guess percentiles from these bounds: p50 is about 0.4 ms, p99 2 ms. -> Try APM_BUCKETS=0.0001,0.0002,0.0005,0.001,0.002,0.005,0.5,10. Each bound is one more series for each path and method. -> Or let Prometheus have native histograms, which need no bounds: scrape_native_histograms: true, or APM_HISTOGRAM=exponential for pushes.',
  ]);
  expect(found({ durations: { ...durations, aboveTop: 1_000, p50: 30, p99: 70 } })).toEqual([
    'note buckets: 1000 of 1000 timed requests (100 %) took more than 10 s, the highest bound of APM_BUCKETS, so Prometheus can only guess percentiles from these bounds: p50 is about 30 s, p99 70 s. -> Try APM_BUCKETS=0.005,0.5,10,20,50,100. Each bound is one more series for each path and method. -> Or let Prometheus have native histograms, which need no bounds: scrape_native_histograms: true, or APM_HISTOGRAM=exponential for pushes.',
  ]);
  expect(found({ durations: { ...durations, timed: 999, inFirst: 999 } })).toEqual([]);
  expect(found({ durations: { ...durations, inFirst: 949 } })).toEqual([]);
});
