import { expect, it } from 'vitest';
import type { SetupOptions } from '../../../src/index.ts';
import { startApp } from '../../support/app.ts';
import { until } from '../../support/exposition.ts';
import { startGrpcReceiver, startReceiver } from '../../support/receiver.ts';
import { get } from '../get.ts';

const APP = 'test/apps/plain/setup.mjs';
/** No receiver listens at this endpoint. The options must replace it. */
const ENV = {
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://localhost:9/v1/metrics',
  OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-tenant=environment,x-other=environment',
};
const RECEIVERS = { 'http/protobuf': startReceiver, 'http/json': startReceiver, grpc: startGrpcReceiver } as const;

it.each(Object.entries(RECEIVERS))('pushes by %s as the options of setupApm say', async (protocol, start) => {
  const receiver = await start();
  const options: SetupOptions = {
    exporters: ['otlp'],
    otlpProtocol: protocol as keyof typeof RECEIVERS,
    otlpEndpoint: receiver.url,
    otlpHeaders: { 'x-tenant': 'option' },
    exportInterval: 50,
    temporality: 'cumulative',
  };
  const app = await startApp(APP, { flags: [], env: { ...ENV, OPTIONS: JSON.stringify(options) } });
  await get(app.url('/users/1'));
  await until(
    () => receiver.pushes.length,
    (count) => count > 0,
  );
  expect(receiver.pushes[0]?.headers).toMatchObject({ 'x-tenant': 'option', 'x-other': 'environment' });
  expect(receiver.pushes[0]?.resource).toMatchObject({ 'service.name': 'shop', 'service.version': '3.0.0' });
  expect((await get(app.url('/ready'))).text).toBe('undefined');
});
