import { expect, it } from 'vitest';
import { type ConfigKey, VARIABLES } from '../../src/config/variables.ts';
import { get } from '../expose/get.ts';
import { launch, metricsAt, startApp } from '../support/app.ts';
import { requests } from '../support/exposition.ts';
import { CASES } from './cases.ts';

const PLAIN = 'test/apps/plain/app.mjs';
const KEYS = Object.keys(VARIABLES) as ConfigKey[];

it('runs an app with every variable invalid, and logs one line for each', async () => {
  const bad = Object.fromEntries(KEYS.map((key) => [VARIABLES[key].variable, CASES[key].bad]));
  // The port stays valid: otherwise the default port is used, which another program may have.
  const { OTEL_EXPORTER_PROMETHEUS_PORT: _, ...env } = bad;
  const app = await startApp(PLAIN, { env: { ...env, APM_ROUTE: '/users/:id' } });
  const url = await app.metricsUrl();
  expect((await get(app.url('/users/1'))).text).toBe('hello /users/1');
  expect((await get(url)).status).toBe(401);
  await get(app.url('/end'));
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(app.stderr.split('\n')).toEqual([
    ...KEYS.filter((key) => key !== 'port').map((key) => `[@org/apm] ${CASES[key].line}`),
    '[@org/apm] APM_ROUTE: there is no such variable; did you mean APM_ROUTES?',
    `[@org/apm] ${metricsAt(url)}`,
    '',
  ]);
});

it('measures with the routes, methods, limit of paths, bounds and service that the variables set', async () => {
  const app = await startApp(PLAIN, {
    env: {
      OTEL_SERVICE_NAME: 'shop & co',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=not this,service.version=7,service.instance.id=one,team=a%2Cb',
      OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS: 'GET,PURGE',
      APM_BUCKETS: '20,30.5',
      APM_ROUTES: '/a/:name,/files/*,/health,/b',
      APM_IGNORE_PATHS: '/health,/files/*',
      APM_MAX_PATHS: '2',
    },
  });
  for (const path of ['/a/one', '/a/two', '/health', '/files/x/y', '/b', '/c', '/d', '/e', '/f', '/missing']) {
    await get(app.url(path));
  }
  for (const method of ['POST', 'PURGE']) await get(app.url('/a/one'), { method });
  const text = await app.scrape();
  expect(text).toContain(
    'target_info{service_version="7",service_instance_id="one",service_name="shop & co",team="a,b",',
  );
  expect(requests(text)).toEqual({
    'GET /a/:name 200': 2,
    '_OTHER /a/:name 200': 1,
    'PURGE /a/:name 200': 1,
    'GET /b 200': 1,
    // The routes that are declared and the guessed paths have a limit each.
    'GET /c 200': 1,
    'GET /d 200': 1,
    'GET other 200': 2,
    'GET unmatched 404': 1,
  });
  expect([...text.matchAll(/path="\/b".*le="(.*)"/g)].map(([, le]) => le)).toEqual(['20', '30.5', '+Inf']);
  // Ignored paths do not count toward the cap.
  await app.waitForOutput(/APM_MAX_PATHS/);
});

const WITHOUT_METRICS: Record<string, Record<string, string>> = {
  'the SDK is disabled': { OTEL_SDK_DISABLED: 'true' },
  'there is no exporter': { OTEL_METRICS_EXPORTER: 'none' },
};

it.each(Object.entries(WITHOUT_METRICS))('opens no port and logs nothing when %s', async (_, env) => {
  const app = await startApp(PLAIN, { env });
  expect((await get(app.url('/users/1'))).text).toBe('hello /users/1');
  await get(app.url('/end'));
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(app.stderr).toBe('');
});

it.each([
  ['none', ''],
  ['error', ''],
  ['warn', `[@org/apm] ${CASES.routes.line}\n`],
  ['info', `[@org/apm] ${CASES.routes.line}\n[@org/apm] metrics at URL (live page: URL)\n`],
])('logs only the lines of the log level: %s', async (level, lines) => {
  const app = await startApp(PLAIN, { env: { OTEL_LOG_LEVEL: level, APM_ROUTES: CASES.routes.bad } });
  if (lines.includes('metrics at')) await app.metricsUrl();
  await get(app.url('/end'));
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(app.stderr.replace(/http[^\s)]+/g, 'URL')).toBe(lines);
});

it('logs and opens nothing in a process that serves nothing, even with invalid variables', async () => {
  const bad = Object.fromEntries(KEYS.map((key) => [VARIABLES[key].variable, CASES[key].bad]));
  const app = launch('test/apps/plain/no-server.mjs', { env: bad });
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(app.stdout + app.stderr).toBe('done\n');
});
