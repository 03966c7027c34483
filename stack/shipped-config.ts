import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Found } from './programs.ts';
import type { PrometheusOptions } from './prometheus.ts';
import { root } from './root.ts';

/** The files of prometheus/targets by name, and what is in them: one entry for each group of targets. */
export type Targets = Partial<Record<'services' | 'collector' | 'otelcol' | 'prometheus', readonly object[]>>;

/** A file of prometheus/, as it is shipped. */
export const readPrometheusFile = (name: string) => readFileSync(join(root, 'prometheus', name), 'utf8');

/**
 * Prometheus as it is shipped, but for its targets and its pace.
 * @param pace between two scrapes, and between two evaluations of the rules: `5s`
 */
export function shippedPrometheus(program: Found, targets: Targets, pace: string): PrometheusOptions {
  const config = parse(readPrometheusFile('prometheus.yml'));
  Object.assign(config.global, { scrape_interval: pace, scrape_timeout: pace, evaluation_interval: pace });
  for (const { file_sd_configs } of config.scrape_configs) file_sd_configs[0].refresh_interval = pace;
  // Its receiver of OTLP came later, and it refuses what it does not know.
  const old = program.version.startsWith('2.');
  if (old) delete config.otlp;
  const all: Targets = { services: [], collector: [], otelcol: [], prometheus: [], ...targets };
  const files = Object.entries(all).map(([name, groups]) => [`targets/${name}.yml`, stringify(groups)]);
  return {
    program,
    config,
    files: { ...Object.fromEntries(files), 'apm.rules.yml': readPrometheusFile('apm.rules.yml') },
    flags: old ? [] : ['--web.enable-otlp-receiver'],
  };
}
