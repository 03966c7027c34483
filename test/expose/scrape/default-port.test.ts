import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { metricsAt, startApp } from '../../support/app.ts';
import { until } from '../../support/exposition.ts';
import { get } from '../get.ts';

const APP = 'test/apps/neighbours/exporter/app.mjs';
const OURS = 'http://localhost:9465/metrics';
const THEIRS = 'http://localhost:9464/metrics';

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer().on('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });

/** Starts the app with the default port. These are real ports, which another program may have at the moment. */
async function start(...args: string[]) {
  const app = await startApp(APP, { args, env: { OTEL_EXPORTER_PROMETHEUS_PORT: '' } });
  await app.metricsUrl();
  return app;
}

const portsAreFree = () =>
  until(
    async () => [await isFree(9464), await isFree(9465)],
    (free) => !free.includes(false),
  );

it("leaves 9464 to the app's own PrometheusExporter that is created later, in every process of the app", async () => {
  await portsAreFree();
  const first = await start();
  const second = await start();
  expect(first.stderr).toBe(`[@org/apm] ${metricsAt(OURS)}\n`);
  expect(second.stderr).toBe(`[@org/apm] ${metricsAt(OURS)}, served by process ${first.child.pid}\n`);
  expect((await get(first.url('/start'))).text).toBe('serves');
  expect((await get(THEIRS)).text).toContain('target_info');
  const { text } = await get(OURS);
  expect(text).toContain('\napm_processes 2\n');
  expect(text).toContain('\nhttp_requests_total{path="/start",method="GET",status_code="200"} 1\n');
  // What it answers without us too.
  expect((await get(second.url('/start'))).text).toContain('EADDRINUSE');
});

it("has the same port when the app's own PrometheusExporter is created before", async () => {
  await portsAreFree();
  const app = await start('early');
  expect(app.stdout).toContain('exporter serves\n');
  expect(app.stderr).toBe(`[@org/apm] ${metricsAt(OURS)}\n`);
  expect((await get(THEIRS)).text).toContain('target_info');
});
