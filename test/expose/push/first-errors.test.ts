import type { DataPoint, ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { hideFirstErrors, zeroOf } from '../../../src/expose/first-errors.ts';
import { ExportedMetrics } from '../../../src/metrics/otel/exported-metrics.ts';
import { createViews } from '../../../src/metrics/otel/views.ts';
import { createProcessSeries } from '../../../src/metrics/process-series.ts';

it('pushes the exponential histogram of failed calls as 0 first, with the same scale', () => {
  const series = createProcessSeries({ buckets: [1], maxPaths: 10, knownMethods: ['GET'] });
  for (const status of [200, 503, undefined]) series.calls.record({ host: 'db', method: 'GET', status }, 0.5);
  const views = createViews({ metricNames: 'apm', metricPrefix: '', buckets: [1] });
  const scopes = new ExportedMetrics(views, series.kinds, false).convert(
    series.all.read(),
    [],
    { temporality: 'cumulative', start: [1, 0], end: [2, 0] },
    'exponential',
  );
  const counts = (known: ReadonlySet<string>) => {
    const shown = hideFirstErrors(scopes, known, (point) => [zeroOf(point)]);
    const points = shown.scopes.flatMap(({ metrics }) => metrics.flatMap(({ dataPoints }): object[] => dataPoints));
    return {
      keys: new Set(shown.hidden.map(({ key }) => key)),
      points: (points as DataPoint<ExponentialHistogram>[]).map(({ attributes, value }) => [
        attributes.status_code,
        ...[value.count, value.sum, value.scale, value.positive.bucketCounts],
      ]),
    };
  };
  const first = counts(new Set());
  expect(first.points).toEqual([
    [200, 1, 0.5, 5, [1]],
    [503, 0, 0, 5, []],
    [undefined, 0, 0, 5, []],
  ]);
  expect(counts(first.keys).points).toEqual([
    [200, 1, 0.5, 5, [1]],
    [503, 1, 0.5, 5, [1]],
    [undefined, 1, 0.5, 5, [1]],
  ]);
});
