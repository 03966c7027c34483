import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';

/** As the Collector and Prometheus's OTLP receiver write units. */
const UNIT_SUFFIX: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' };

/**
 * The exported name, as upstream's serializer makes it: counters end in `_total`, and no unit is appended. To ours one is,
 * where they have one, because the Collector and Prometheus's OTLP receiver append it too.
 */
export function metricName(metric: MetricData, isOurs: boolean): string {
  const base = metric.descriptor.name.replace(/[^a-zA-Z0-9_:]/g, '_').replace(/^(?=\d|$)/, '_');
  const name = isOurs ? base + (UNIT_SUFFIX[metric.descriptor.unit] ?? '') : base;
  const counter = metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
  return counter && !name.endsWith('_total') ? `${name}_total` : name;
}
