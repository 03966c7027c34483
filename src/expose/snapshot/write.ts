import type { CallLabels, DatabaseCallLabels, RequestLabels, TimeSpentLabels } from '../../metrics/kinds.ts';
import type { Counts, Labels, Series } from '../../metrics/model.ts';
import type { SeriesByKind } from '../../metrics/series-set.ts';
import type { ApmSnapshot, CallCounts, DatabaseCallCounts, RequestCounts, TimeSpent } from '../../snapshot.ts';

/** Long enough to be worth a write, short enough not to block the event loop noticeably. */
const CHUNK_CHARS = 16 * 1024;

/** Everything of a snapshot except the series. */
export type SnapshotHead = Omit<ApmSnapshot, 'requests' | 'calls' | 'databaseCalls' | 'timeSpent'>;

/**
 * Writes a snapshot as JSON, in pieces of about 16 KiB so that the caller can yield between them. The series are the live
 * ones: each is consistent in itself, and a later one may have counted a little more.
 * @param labelNames  of the app's own labels
 */
export function* writeSnapshot(
  head: SnapshotHead,
  { requests = [], calls = [], databaseCalls = [], timeSpent = [] }: SeriesByKind,
  labelNames: readonly string[],
): Generator<string> {
  // Without its closing brace.
  yield JSON.stringify(head).slice(0, -1);
  yield* writeList('requests', requests, (series) => requestCounts(series, labelNames));
  yield* writeList('calls', calls, callCounts);
  yield* writeList('databaseCalls', databaseCalls, databaseCallCounts);
  yield* writeList('timeSpent', timeSpent, timeOf);
  yield '}\n';
}

function* writeList<L extends Labels>(
  name: string,
  all: readonly Series<L>[],
  toCounts: (series: Series<L>) => object,
): Generator<string> {
  let text = `,\n"${name}":[`;
  // Later series may be added meanwhile.
  const { length } = all;
  for (let i = 0; i < length; i++) {
    text += (i > 0 ? ',\n' : '\n') + JSON.stringify(toCounts(all[i] as Series<L>));
    if (text.length < CHUNK_CHARS) continue;
    yield text;
    text = '';
  }
  yield `${text}]`;
}

function requestCounts(series: Series<RequestLabels>, labelNames: readonly string[]): RequestCounts {
  const { path, method, status, details } = series.labels;
  const labels = labelNames.flatMap((name) => {
    const value = series.labels[name];
    return value === undefined || value === '' ? [] : [[name, String(value)] as const];
  });
  return {
    path,
    method,
    status,
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
    requests: series.count,
    ...timedCounts(series, details),
  };
}

function callCounts(series: Series<CallLabels>): CallCounts {
  const { host, method, status = null, details } = series.labels;
  return { host, method, status, calls: series.count, ...timedCounts(series, details) };
}

function databaseCallCounts(series: Series<DatabaseCallLabels>): DatabaseCallCounts {
  const { system, host, operation, details } = series.labels;
  return { system, host, operation, calls: series.count, ...timedCounts(series, details) };
}

function timeOf({ labels, sum }: Series<TimeSpentLabels>): TimeSpent {
  const { path, method, on, slow } = labels;
  return { path, method, on, slow: slow === 'true', seconds: sum };
}

const timedCounts = ({ sum, buckets, fine }: Counts, details: string | undefined) => ({
  ...(details !== undefined && { details: JSON.parse(details) as Record<string, string | number> }),
  seconds: sum,
  counts: buckets,
  fine: fine?.encode() ?? [],
});
