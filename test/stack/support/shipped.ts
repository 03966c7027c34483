import type { Found } from '../../../stack/programs.ts';
import type { PrometheusOptions } from '../../../stack/prometheus.ts';
import { readPrometheusFile, shippedPrometheus, type Targets } from '../../../stack/shipped-config.ts';

/** prometheus/prometheus.yml. */
export const PROMETHEUS_CONFIG = readPrometheusFile('prometheus.yml');

/** A Prometheus as it is shipped but for its pace, with these targets alone and no rules. */
export function shipped(program: Found, targets: Targets): PrometheusOptions {
  const options = shippedPrometheus(program, targets, '500ms');
  return { ...options, files: { ...options.files, 'apm.rules.yml': 'groups: []\n' } };
}
