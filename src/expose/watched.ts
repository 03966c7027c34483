import { ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { log } from '../config/log.ts';
import type { SeriesProducer } from '../metrics/producer.ts';

/**
 * Says when pushes begin to fail and when they arrive again - once each, not at every try - and tells the series which
 * of them arrived, so that differences which did not are part of the next push.
 */
export function watched(exporter: PushMetricExporter, url: string, producer: SeriesProducer): PushMetricExporter {
  let failing = false;
  const report = (error: Error | undefined) => {
    if (failing === (error !== undefined)) return;
    failing = error !== undefined;
    if (error)
      log.warn(`could not push metrics to ${url}: ${error.message || error.name}; trying again at each interval`);
    else log.info(`metrics reach ${url} again`);
  };
  return {
    export(metrics, done) {
      const arrived = producer.delivery();
      exporter.export(metrics, (result) => {
        const ok = result.code === ExportResultCode.SUCCESS;
        if (ok) arrived();
        report(ok ? undefined : (result.error ?? new Error('no reason given')));
        done(result);
      });
    },
    selectAggregation: (type) => exporter.selectAggregation?.(type) ?? { type: 0 },
    selectAggregationTemporality: (type) => exporter.selectAggregationTemporality?.(type) ?? 1,
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}
