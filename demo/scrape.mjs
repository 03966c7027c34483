/** Turns the text of a scrape into figures for each endpoint, with the arithmetic of Prometheus. */

/**
 * One line of the exposition: `name{label="value",...} 12`. Label values may contain spaces, braces and escaped quotes.
 */
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;
const unescapeLabel = (value) => value.replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c));

/** @returns totals since the process started: endpoint -> { answers, failed, count, sum, buckets: le -> count } */
export function parseScrape(text) {
  const endpoints = new Map();
  for (const line of text.split('\n')) {
    const [, name, labelText = '', number] = SAMPLE.exec(line) ?? [];
    if (!/^http_(requests_total$|(client_)?duration_)/.test(name)) continue;
    const labels = {};
    for (const [, label, value] of labelText.matchAll(LABEL)) labels[label] = unescapeLabel(value);
    const outgoing = name.startsWith('http_client_');
    const key = outgoing ? `-> ${labels.method} ${labels.host} (outgoing)` : `${labels.method} ${labels.path}`;
    if (!endpoints.has(key)) endpoints.set(key, { answers: 0, failed: 0, count: 0, sum: 0, buckets: new Map() });
    const endpoint = endpoints.get(key);
    const value = Number(number);
    if (name.endsWith('_bucket')) {
      const le = Number(labels.le.replace('Inf', 'Infinity'));
      endpoint.buckets.set(le, (endpoint.buckets.get(le) ?? 0) + value);
    } else if (name.endsWith('_sum')) endpoint.sum += value;
    else if (name.endsWith('_count')) endpoint.count += value;
    if (name === 'http_requests_total' || (outgoing && name.endsWith('_count'))) {
      endpoint.answers += value;
      // A call without an answer has no status.
      if (labels.status_code === undefined || labels.status_code.startsWith('5')) endpoint.failed += value;
    }
  }
  return endpoints;
}

/** As `histogram_quantile` does: finds the bucket that contains the rank and interpolates linearly within it. */
export function quantile(q, buckets) {
  const bounds = [...buckets].sort(([a], [b]) => a - b);
  const rank = q * (bounds.at(-1)?.[1] ?? 0);
  if (rank === 0) return Number.NaN;
  const at = bounds.findIndex(([, count]) => count >= rank);
  const [upper, count] = bounds[at];
  const [lower, countBelow] = bounds[at - 1] ?? [0, 0];
  return upper === Infinity ? lower : lower + ((upper - lower) * (rank - countBelow)) / (count - countBelow);
}

/** The figures for the time between two scrapes, by endpoint. Endpoints without requests in that time are left out. */
export function computeFigures(older, newer) {
  const rows = [];
  for (const [endpoint, now] of newer.endpoints) {
    const before = older.endpoints.get(endpoint);
    const answers = now.answers - (before?.answers ?? 0);
    const count = now.count - (before?.count ?? 0);
    if (count <= 0) continue;
    const buckets = [...now.buckets].map(([le, value]) => [le, value - (before?.buckets.get(le) ?? 0)]);
    rows.push({
      endpoint,
      count,
      perSecond: answers / (newer.at - older.at),
      failed: (now.failed - (before?.failed ?? 0)) / answers,
      mean: (now.sum - (before?.sum ?? 0)) / count,
      p50: quantile(0.5, buckets),
      p90: quantile(0.9, buckets),
      p99: quantile(0.99, buckets),
    });
  }
  const outgoing = ({ endpoint }) => Number(endpoint.startsWith('->'));
  return rows.sort((a, b) => outgoing(a) - outgoing(b) || a.endpoint.localeCompare(b.endpoint, 'en'));
}
