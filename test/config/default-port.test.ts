import { expect, it } from 'vitest';
import { defaultPort } from '../../src/config/default-port.ts';

const EXPORTER = '@opentelemetry/exporter-prometheus';
const SDK = '@opentelemetry/sdk-node';
const AUTO = '@opentelemetry/auto-instrumentations-node';

it.each([
  [9464, undefined, undefined],
  [9464, 'express', undefined],
  [9465, EXPORTER, undefined],
  [9465, EXPORTER, 'otlp'],
  [9464, SDK, undefined],
  [9464, SDK, 'otlp'],
  [9465, SDK, 'prometheus'],
  [9465, AUTO, 'otlp, prometheus'],
])('is %i for an app that depends on %s, with OTEL_METRICS_EXPORTER=%s', (port, dependency, exporters) => {
  const app = { name: 'app', folder: '/', ...(dependency && { dependencies: { [dependency]: '1.0.0' } }) };
  expect(defaultPort(app, { OTEL_METRICS_EXPORTER: exporters })).toBe(port);
});

it('is 9464 where there is no package.json', () => {
  expect(defaultPort(undefined, {})).toBe(9464);
});
