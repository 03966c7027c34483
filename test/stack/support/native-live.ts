import type { Found } from '../../../stack/programs.ts';
import type { Prometheus } from '../../../stack/prometheus.ts';
import { shippedPrometheus, type Targets } from '../../../stack/shipped-config.ts';
import { historyTimes, recordHistory } from './history.ts';
import { pushHistory } from './native-history.ts';
import { RULES, removeDelays } from './rule-delays.ts';
import { runPrometheus } from './run.ts';

interface NativeOptions {
  readonly program: Found;
  readonly promtool: Found;
  readonly port: number;
  readonly targets: Targets;
  readonly interval: string;
  /** Those of `apm rules --histogram exponential`. */
  readonly rules: string;
}

/**
 * Starts a Prometheus to which the shop pushes native histograms, with a history of such. It has no histogram with bounds:
 * those of the targets are dropped.
 */
export async function startNative(options: NativeOptions): Promise<Prometheus> {
  const { program, promtool, port, targets, interval, rules } = options;
  const shipped = shippedPrometheus(program, targets, interval);
  const config = structuredClone(shipped.config) as { scrape_configs: { metric_relabel_configs?: object[] }[] };
  for (const job of config.scrape_configs) {
    const drop = { source_labels: ['__name__'], regex: 'http_(client_)?duration_.*', action: 'drop' };
    job.metric_relabel_configs = [...(job.metric_relabel_configs ?? []), drop];
  }
  const prometheus = await runPrometheus({
    ...removeDelays({ ...shipped, files: { ...shipped.files, [RULES]: rules } }),
    // Accepts the history.
    config: { ...config, storage: { tsdb: { out_of_order_time_window: '30d' } } },
    flags: [...(shipped.flags ?? []), '--storage.tsdb.retention.time=30d'],
    port,
  });
  const all = historyTimes();
  await pushHistory(prometheus, all, 'shop', '1.0.0');
  await recordHistory(promtool, prometheus, RULES);
  // At its restart Prometheus dropped what was in memory and older than the recorded results. The last 300 times are 75 min.
  await pushHistory(prometheus, { ...all, times: all.times.slice(-300) }, 'shop', '1.0.0');
  return prometheus;
}
