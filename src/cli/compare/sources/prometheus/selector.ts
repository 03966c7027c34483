import { METHOD, ROUTE } from '../../../../semconv.ts';
import { InputError } from '../../../input-error.ts';
import type { EndpointFilter } from '../../endpoint-filter.ts';
import { OUTGOING_VOCABULARIES, type OutgoingVocabulary } from '../outgoing-identity.ts';
import { VOCABULARIES, type Vocabulary } from '../series-identity.ts';
import { formatTime, type TimeRange } from '../time-range.ts';
import type { PrometheusApi } from './api.ts';

/**
 * The selectors of a filter, one for each vocabulary in the range.
 * @property prefix           of the names of the metrics; empty for none
 * @property all              counters, histograms and `target_info`; a process without requests has only the last
 * @property outgoing         of outgoing calls, and of the time of the requests that the filter matches
 * @property histogramCounts  one series of each histogram
 */
export interface SeriesSelectors {
  readonly prefix: string;
  readonly all: readonly string[];
  readonly outgoing: readonly string[];
  readonly histogramCounts: readonly string[];
}

/** @throws InputError where the range has no metrics of ours, or none that the filter matches */
export async function selectSeries(
  api: PrometheusApi,
  filter: EndpointFilter,
  ranges: readonly TimeRange[],
): Promise<SeriesSelectors> {
  const range = { from: Math.min(...ranges.map(({ from }) => from)), to: Math.max(...ranges.map(({ to }) => to)) };
  const found: Vocabulary[] = [];
  for (const vocabulary of VOCABULARIES) {
    if (await hasSeries(api, countersSelector(vocabulary, filter), range)) found.push(vocabulary);
  }
  if (found.length === 0) throw await explainNoMatch(api, filter, range);
  const { prefix = '' } = filter;
  const counts = (vocabulary: Vocabulary) => seriesSelector(`${vocabulary.duration}(?:_count)?`, vocabulary, filter);
  return {
    prefix,
    all: [targetInfoSelector(filter), ...found.map((vocabulary) => countersSelector(vocabulary, filter))],
    outgoing: OUTGOING_VOCABULARIES.flatMap((vocabulary) => outgoingSelectors(vocabulary, filter)),
    histogramCounts: found.map(counts),
  };
}

/** Selects `target_info`. @param matchers  further ones */
export const targetInfoSelector = ({ job }: EndpointFilter, ...matchers: string[]): string =>
  `target_info{${[...(job === undefined ? [] : [`job=${JSON.stringify(job)}`]), ...matchers].join(',')}}`;

const countersSelector = (vocabulary: Vocabulary, filter: EndpointFilter) =>
  // A native histogram is one series with the name itself.
  seriesSelector(`${vocabulary.duration}(?:_bucket|_sum)?|${vocabulary.requests}`, vocabulary, filter);

function outgoingSelectors(names: OutgoingVocabulary, filter: EndpointFilter): string[] {
  const { calls, databases, timeSpent, label } = names;
  const labels = { method: label(METHOD), path: label(ROUTE) };
  const { prefix, job } = filter;
  return [
    seriesSelector(timeSpent, labels, filter),
    // The method of a call is not that of a request.
    seriesSelector(`(?:${calls}|${databases})(?:_bucket|_sum)?`, labels, { prefix, job }),
  ];
}

function seriesSelector(
  name: string,
  vocabulary: Pick<Vocabulary, 'method' | 'path'>,
  { prefix = '', job, method, path }: EndpointFilter,
): string {
  const matchers = [`__name__=~${JSON.stringify(prefix === '' ? name : `${prefix}(?:${name})`)}`];
  const values = [['job', job] as const, [vocabulary.method, method] as const, [vocabulary.path, path] as const];
  for (const [label, value] of values) if (value !== undefined) matchers.push(`${label}=${JSON.stringify(value)}`);
  return `{${matchers.join(',')}}`;
}

const hasSeries = async (api: PrometheusApi, selector: string, { from, to }: TimeRange): Promise<boolean> =>
  (await api.queryLabelValues('__name__', selector, from, to)).length > 0;

const MAX_SUGGESTIONS = 10;

/** Why nothing matches, and what would match. */
async function explainNoMatch(
  api: PrometheusApi,
  { prefix = '', ...filter }: EndpointFilter,
  range: TimeRange,
): Promise<InputError> {
  const during = describeRange(range);
  const options = Object.entries(filter).filter(([, value]) => value !== undefined) as [string, string][];
  for (const vocabulary of VOCABULARIES) {
    const unfiltered = countersSelector(vocabulary, { prefix });
    if (!(await hasSeries(api, unfiltered, range))) continue;
    for (const [option, value] of options) {
      const label = { job: 'job', method: vocabulary.method, path: vocabulary.path }[option] as string;
      const known = await api.queryLabelValues(label, unfiltered, range.from, range.to);
      if (known.includes(value)) continue;
      const more = known.length > MAX_SUGGESTIONS ? ', ...' : '';
      const list = known.slice(0, MAX_SUGGESTIONS).join(', ') + more;
      return new InputError(`no series has --${option} ${JSON.stringify(value)} ${during}; known: ${list}`);
    }
    // Each value exists, but no series has all of them.
    const all = options.map(([option, value]) => `--${option} ${JSON.stringify(value)}`).join(' ');
    return new InputError(`no series has ${all} ${during}; leave one of them out`);
  }
  return new InputError(
    `${api.displayUrl} has neither ${prefix}http_duration nor ${prefix}http_server_request_duration ${during}; check that it scrapes the service, that the times are right, and that --prefix is its APM_METRIC_PREFIX`,
  );
}

/** `from TIME to TIME`, for messages. */
export const describeRange = ({ from, to }: TimeRange): string => `from ${formatTime(from)} to ${formatTime(to)}`;
