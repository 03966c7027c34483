import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Found } from './programs.ts';
import type { PrometheusOptions } from './prometheus.ts';
import { root } from './root.ts';

/** The content of the files in prometheus/targets, by file name: a list of target groups. */
export type Targets = Partial<Record<'services' | 'collector' | 'otelcol' | 'prometheus', readonly object[]>>;

/** The text of a file in prometheus/, as shipped. */
export const readPrometheusFile = (name: string) => readFileSync(join(root, 'prometheus', name), 'utf8');

/**
 * The shipped configuration of Prometheus, with other targets and intervals.
 * @param interval between scrapes, and between evaluations of the rules: `5s`
 */
export function shippedPrometheus(program: Found, targets: Targets, interval: string): PrometheusOptions {
  const config = parse(readPrometheusFile('prometheus.yml'));
  Object.assign(config.global, { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval });
  // Prometheus 2 has no such OTLP receiver and scrapes no native histograms, and refuses unknown keys and flags.
  const isVersion2 = program.version.startsWith('2.');
  for (const job of config.scrape_configs) {
    job.file_sd_configs[0].refresh_interval = interval;
    if (isVersion2) delete job.scrape_native_histograms;
  }
  if (isVersion2) delete config.otlp;
  const all: Targets = { services: [], collector: [], otelcol: [], prometheus: [], ...targets };
  const files = Object.entries(all).map(([name, groups]) => [`targets/${name}.yml`, stringify(groups)]);
  return {
    program,
    config,
    files: { ...Object.fromEntries(files), 'apm.rules.yml': readPrometheusFile('apm.rules.yml') },
    flags: isVersion2 ? [] : ['--web.enable-otlp-receiver'],
  };
}
