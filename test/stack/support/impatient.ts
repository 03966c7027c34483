import type { PrometheusOptions } from '../../../stack/prometheus.ts';

const RULES = 'apm.rules.yml';

/** What an alert asks must be so for minutes before it fires; here, at once. Its expression stays as it is. */
export function impatient(options: PrometheusOptions): PrometheusOptions {
  const rules = options.files?.[RULES]?.replace(/^( *)for: .*$/gm, '$1for: 0s');
  return { ...options, files: { ...options.files, ...(rules && { [RULES]: rules }) } };
}
