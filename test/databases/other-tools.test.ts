import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { DATABASE_DRIVERS, TRACERS } from '../packages/tools.ts';
import { startApp } from '../support/app.ts';
import { NODE_VERSIONS, type NodeVersion, node, OLDEST_NODE } from '../support/nodes.ts';
import { shared } from '../support/shared.ts';
import { databaseServer } from './support/servers.ts';

const folders = shared(async () => ({
  drivers: await installPackages(DATABASE_DRIVERS),
  tracers: await installPackages(TRACERS),
}));

/** Tools that patch pg, and how their spans are read from what they print. */
const TOOLS = {
  OpenTelemetry: {
    program: '@opentelemetry/auto-instrumentations-node/register',
    env: {
      OTEL_TRACES_EXPORTER: 'console',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_NODE_RESOURCE_DETECTORS: 'none',
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'pg',
      OTEL_BSP_SCHEDULE_DELAY: '10',
    },
    last: /name: 'pg.query:SHOW/,
    spans: (stdout: string) => [...stdout.matchAll(/^ +name: '(pg.*)',$/gm)].map(([, name]) => name as string),
  },
  'dd-trace': {
    program: 'dd-trace/init',
    env: {
      DD_TRACE_STARTUP_LOGS: 'false',
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
      DD_REMOTE_CONFIGURATION_ENABLED: 'false',
      DD_TRACE_EXPERIMENTAL_EXPORTER: 'log',
    },
    last: /^\{"traces".*"resource":"SHOW/m,
    spans: (stdout: string) =>
      stdout
        .split('\n')
        .filter((line) => line.startsWith('{"traces"'))
        .flatMap((line) => (JSON.parse(line) as { traces: { resource: string }[][] }).traces.flat())
        .map(({ resource }) => resource),
  },
};

type Tool = keyof typeof TOOLS;
type Watch = 'never' | 'before pg is loaded' | 'after pg is loaded';

async function run(test: TestContext, tool: Tool, version: NodeVersion, watch: Watch) {
  const { program, env, last, spans } = TOOLS[tool];
  const { drivers, tracers } = folders();
  const address = databaseServer('postgres', test);
  const app = await startApp('test/databases/apps/traced.mjs', {
    node: node(version),
    flags: ['--require', createRequire(join(tracers, 'package.json')).resolve(program)],
    env: { ...env, WATCH: watch },
    args: [drivers, 'pg', JSON.stringify(address)],
    ready: /^\{"calls":.*\}$/m,
  });
  await app.waitForOutput(last);
  const [line = ''] = app.ready.exec(app.stdout) ?? [];
  const { calls } = JSON.parse(line.replaceAll(`:${address.port}`, ':PORT')) as { calls: string[] };
  return { calls, spans: spans(app.stdout) };
}

describe.each([OLDEST_NODE, NODE_VERSIONS.at(-1) as NodeVersion])('on Node %s', (version) => {
  it.for(Object.keys(TOOLS) as Tool[])(
    'sees each call of pg once beside %s, and leaves its spans',
    async (tool, test) => {
      const [alone, before, after] = await Promise.all([
        run(test, tool, version, 'never'),
        run(test, tool, version, 'before pg is loaded'),
        run(test, tool, version, 'after pg is loaded'),
      ]);
      const calls = ['connect', 'SELECT', 'UPDATE', 'SELECT 42P01', 'connect', 'SHOW'].map(
        (operation) => `postgresql 127.0.0.1:PORT ${operation}`,
      );
      expect(alone.calls).toEqual([]);
      expect([before.calls, after.calls]).toEqual([calls, calls]);
      expect([before.spans, after.spans]).toEqual([alone.spans, alone.spans]);
    },
  );
});
