import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { emptyResource } from '@opentelemetry/resources';
import { expect, it, onTestFinished } from 'vitest';
import { ExportedMetrics } from '../../../src/metrics/otel/exported-metrics.ts';
import type { HistogramKind } from '../../../src/metrics/otel/histogram-form.ts';
import { createViews } from '../../../src/metrics/otel/views.ts';
import { createProcessSeries } from '../../../src/metrics/process-series.ts';
import { DEFAULT_BUCKETS } from '../../../src/semconv.ts';

const PATHS = 1_000;
/** Of each path: 500 durations from 1 ms to 10 s. */
const DURATIONS = Array.from({ length: 500 }, (_, i) => 0.001 * 10_000 ** (i / 499));

it('pushes exponential histograms of 1,000 paths in at most 1.4 times the bytes of explicit ones', async () => {
  const sizes: number[] = [];
  const receiver = createServer(async (request, response) => {
    sizes.push((await buffer(request)).length);
    response.end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void receiver.close().closeAllConnections());
  await once(receiver, 'listening');
  const series = createProcessSeries({ buckets: DEFAULT_BUCKETS, maxPaths: PATHS, knownMethods: ['GET'] });
  for (let i = 0; i < PATHS; i++) {
    for (const seconds of DURATIONS) series.plain.requests.record(`/resource-${i}/:id`, 'GET', 200, seconds);
  }
  const views = createViews({ metricNames: 'apm', metricPrefix: '', buckets: DEFAULT_BUCKETS });
  const exported = new ExportedMetrics(views, series.kinds, false);
  const { port } = receiver.address() as AddressInfo;
  const exporter = new OTLPMetricExporter({ url: `http://127.0.0.1:${port}/v1/metrics` });
  const push = (kind: HistogramKind) =>
    new Promise<void>((resolve, reject) => {
      const scopeMetrics = exported.convert(
        series.all.read(),
        [],
        { temporality: 'cumulative', start: [1, 0], end: [2, 0] },
        kind,
      );
      exporter.export({ resource: emptyResource(), scopeMetrics }, ({ error }) => (error ? reject(error) : resolve()));
    });
  await push('explicit');
  await push('exponential');
  await exporter.shutdown();
  const [explicit = 0, exponential = 0] = sizes;
  expect(explicit).toBeGreaterThan(400_000);
  expect(exponential / explicit).toBeGreaterThan(1);
  expect(exponential / explicit).toBeLessThan(1.4);
});
