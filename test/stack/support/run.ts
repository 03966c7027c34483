import { type Collector, type CollectorOptions, startCollector } from '../../../stack/collector.ts';
import { type Prometheus, type PrometheusOptions, startPrometheus } from '../../../stack/prometheus.ts';
import { atEnd } from '../../support/shared.ts';

/** Starts a Prometheus that ends with the test. */
export async function runPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const prometheus = await startPrometheus(options);
  atEnd(() => prometheus.close());
  return prometheus;
}

/** Starts a Collector that ends with the test. */
export async function runCollector(options: CollectorOptions): Promise<Collector> {
  const collector = await startCollector(options);
  atEnd(() => collector.close());
  return collector;
}
