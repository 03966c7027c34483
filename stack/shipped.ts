import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Found } from './programs.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';
import { root } from './root.ts';

/** The files of prometheus/targets, and who is in them: `host:port`. */
export type Targets = Partial<Record<'services' | 'collector' | 'otelcol', readonly string[]>>;

/** A file of prometheus/, as it is shipped. */
const shipped = (name: string) => readFileSync(join(root, 'prometheus', name), 'utf8');

/**
 * A Prometheus with the configuration and the rules that are shipped.
 * @param seconds between two scrapes, and between two evaluations of the rules
 * @param port    any free one by default
 */
export function shippedPrometheus(
  program: Found,
  seconds: number,
  targets: Targets,
  port?: number,
): Promise<Prometheus> {
  const config = parse(shipped('prometheus.yml'));
  config.global = { ...config.global, scrape_interval: `${seconds}s`, scrape_timeout: `${seconds}s` };
  config.global.evaluation_interval = `${seconds}s`;
  // Version 2 knows nothing of OTLP, and refuses what it does not know.
  const two = program.version.startsWith('2.');
  if (two) delete config.otlp;
  const list = (name: keyof Targets, labels?: object) => stringify([{ targets: targets[name] ?? [], ...labels }]);
  return startPrometheus({
    program,
    config,
    files: {
      'apm.rules.yml': shipped('apm.rules.yml'),
      'targets/services.yml': list('services', { labels: { job: 'shop' } }),
      'targets/collector.yml': list('collector'),
      'targets/otelcol.yml': list('otelcol'),
      'targets/prometheus.yml': '[]',
    },
    flags: two ? [] : ['--web.enable-otlp-receiver'],
    ...(port !== undefined && { port }),
  });
}
