import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';

export type Labels = Readonly<Record<string, unknown>>;

/** `a="1",b="2"`: the text between the braces. Where two names are exported as one, their values are joined by `;`. */
export function labelText(attributes: Labels): string {
  const labels = new Map<string, string>();
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue;
    const name = labelName(key);
    const text = escapeValue(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
    const joined = labels.get(name);
    labels.set(name, joined === undefined ? text : `${joined};${text}`);
  }
  return Array.from(labels, ([name, text]) => `${name}="${text}"`).join(',');
}

/** @see https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-attributes */
function labelName(attribute: string): string {
  const name = attribute.replace(/[^a-zA-Z0-9_]/g, '_');
  return /^\d/.test(name) || name === '' ? `_${name}` : name;
}

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

export function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** Lone surrogates cannot be written as UTF-8, and Prometheus refuses a scrape that is not UTF-8. */
function escapeValue(value: string): string {
  return value
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

export function escapeHelp(text: string): string {
  return text.replace(/[\\\n]/g, (character) => (character === '\n' ? '\\n' : '\\\\'));
}
