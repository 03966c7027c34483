/** Turns two answers of /snapshot into figures for each endpoint, with the functions of the live page. */
import { FineHistogram } from '../dist/base/histogram/fine-histogram.js';
import { quantileOf } from '../dist/base/histogram/histogram.js';
import { hiddenTail } from '../dist/statistics/hidden-tail.js';

/** @returns totals since the process started: endpoint -> { answers, failed, seconds, histogram } */
export function parseSnapshot({ requests, calls }) {
  const endpoints = new Map();
  const add = (key, answers, failed, { seconds, fine }) => {
    if (!endpoints.has(key)) endpoints.set(key, { answers: 0, failed: 0, seconds: 0, histogram: new FineHistogram() });
    const endpoint = endpoints.get(key);
    endpoint.answers += answers;
    if (failed) endpoint.failed += answers;
    endpoint.seconds += seconds;
    endpoint.histogram.add(FineHistogram.decode(fine));
  };
  for (const series of requests) {
    add(`${series.method} ${series.path}`, series.requests, series.status >= 500, series);
  }
  for (const series of calls) {
    // A call without an answer has no status.
    add(`-> ${series.method} ${series.host} (outgoing)`, series.calls, (series.status ?? 500) >= 500, series);
  }
  return endpoints;
}

/** A percentile in seconds; undefined where less than one request is above it. */
function percentile(histogram, q) {
  return histogram.total < Math.round(1 / (1 - q)) ? undefined : quantileOf(histogram, q).value;
}

/** The figures for the time between two snapshots, by endpoint. Endpoints without requests in that time are left out. */
export function computeFigures(older, newer) {
  const rows = [];
  for (const [endpoint, now] of newer.endpoints) {
    const before = older.endpoints.get(endpoint) ?? {
      answers: 0,
      failed: 0,
      seconds: 0,
      histogram: new FineHistogram(),
    };
    const answers = now.answers - before.answers;
    const histogram = new FineHistogram().add(now.histogram).add(before.histogram, -1);
    if (histogram.total <= 0) continue;
    const mean = (now.seconds - before.seconds) / histogram.total;
    const [p50, p90, p99] = [0.5, 0.9, 0.99].map((q) => percentile(histogram, q));
    rows.push({
      endpoint,
      perSecond: answers / (newer.at - older.at),
      failed: (now.failed - before.failed) / answers,
      mean,
      p50,
      p90,
      p99,
      hiddenTail: hiddenTail({ histogram, mean }),
    });
  }
  const outgoing = ({ endpoint }) => Number(endpoint.startsWith('->'));
  return rows.sort((a, b) => outgoing(a) - outgoing(b) || a.endpoint.localeCompare(b.endpoint, 'en'));
}
