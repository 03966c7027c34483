import type { Found } from '../../../stack/programs.ts';
import type { PrometheusOptions } from '../../../stack/prometheus.ts';
import { shippedPrometheus, type Targets } from '../../../stack/shipped-config.ts';

/** The shipped configuration of Prometheus with a short interval, only these targets and no rules. */
export function shippedOptions(program: Found, targets: Targets): PrometheusOptions {
  const options = shippedPrometheus(program, targets, '500ms');
  return { ...options, files: { ...options.files, 'apm.rules.yml': 'groups: []\n' } };
}
