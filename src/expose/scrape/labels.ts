export type Labels = Readonly<Record<string, unknown>>;

/** The exported labels of attributes, by their names. Where two names are exported as one, their values are joined by `;`. */
export function labelPairs(attributes: Labels): Map<string, string> {
  const labels = new Map<string, string>();
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue;
    const name = labelName(key);
    const text = withoutSurrogates(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
    const joined = labels.get(name);
    labels.set(name, joined === undefined ? text : `${joined};${text}`);
  }
  return labels;
}

/** @see https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-attributes */
function labelName(attribute: string): string {
  const name = attribute.replace(/[^a-zA-Z0-9_]/g, '_');
  return /^\d/.test(name) || name === '' ? `_${name}` : name;
}

/** Lone surrogates cannot be written as UTF-8, and Prometheus refuses a scrape that is not UTF-8. */
const withoutSurrogates = (value: string): string => value.replace(/\p{Surrogate}/gu, '\ufffd');

/**
 * The labels of a series: the attributes themselves, unless they have `le`, which is the label of a histogram's bounds. That is
 * renamed as Prometheus would rename it.
 */
export function seriesLabels(attributes: Labels, type: string): Labels {
  if (type !== 'histogram' || !('le' in attributes)) return attributes;
  const { le, ...others } = attributes;
  return { ...others, exported_le: le };
}
