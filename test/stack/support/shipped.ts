import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Found } from '../../../stack/programs.ts';
import type { PrometheusOptions } from '../../../stack/prometheus.ts';
import { root } from '../../support/root.ts';

/** prometheus/prometheus.yml. */
export const PROMETHEUS_CONFIG = readFileSync(join(root, 'prometheus/prometheus.yml'), 'utf8');

type Targets = Partial<Record<'services' | 'collector' | 'otelcol' | 'prometheus', object[]>>;

/** A Prometheus as it is shipped but for its pace, with these targets alone. */
export function shipped(program: Found, targets: Targets): PrometheusOptions {
  const config = parse(PROMETHEUS_CONFIG);
  Object.assign(config.global, { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '1s' });
  for (const { file_sd_configs } of config.scrape_configs) file_sd_configs[0].refresh_interval = '1s';
  const old = program.version.startsWith('2.');
  // Its receiver of OTLP came later.
  if (old) delete config.otlp;
  const all: Targets = { services: [], collector: [], otelcol: [], prometheus: [], ...targets };
  const files = Object.entries(all).map(([name, list]) => [`targets/${name}.yml`, stringify(list)]);
  return {
    program,
    config,
    files: { ...Object.fromEntries(files), 'apm.rules.yml': 'groups: []\n' },
    flags: old ? [] : ['--web.enable-otlp-receiver'],
  };
}
