import { expect, it } from 'vitest';
import { get } from '../expose/get.ts';
import { register, startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { startReceiver } from '../support/receiver.ts';
import { installTool, TOOLS, type Tool } from './tools.ts';

const OPERATOR = TOOLS['an OpenTelemetry SDK that an operator injects'] as Tool;

it("an SDK that is injected after us gets the app's own instruments, as without us", async () => {
  const receiver = await startReceiver();
  const { program, env } = await installTool(OPERATOR, 'cjs');
  const app = await startApp('test/apps/plain/instruments/app.mjs', {
    flags: ['--require', new URL(register).pathname, '--require', program],
    env: {
      ...env,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OTEL_METRIC_EXPORT_TIMEOUT: '100',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_LOG_LEVEL: 'error',
    },
  });
  await get(app.url('/'));
  const orders = () => receiver.pushes.filter(({ metrics }) => metrics.orders ?? metrics.orders_total);
  await until(orders, (pushes) => pushes.length > 0);
  // Ours would name the service after the app's package.json.
  for (const { resource } of orders()) expect(resource['service.name']).toMatch(/^unknown_service:/);
  expect(app.stderr).not.toContain('duplicate registration');
});
