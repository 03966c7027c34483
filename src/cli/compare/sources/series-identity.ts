import {
  EXPORTED_LABEL,
  EXPORTED_NAME,
  METHOD,
  OTHER_METHOD,
  ROUTE,
  SERVER_DURATION,
  SERVER_REQUESTS,
  STATUS_CODE,
  UNMATCHED,
} from '../../../semconv.ts';
import { parseValue } from './exposition.ts';

/** The Prometheus form of a name of the semantic conventions. */
export const underscored = (name: string): string => name.replace(/[^\w:]/g, '_');

/**
 * One set of metric and label names.
 * @property requests  pattern of the counter; `_total` is optional where some exporters omit it
 * @property duration  pattern of the histogram, without `_bucket`
 */
export interface Vocabulary {
  readonly requests: string;
  readonly duration: string;
  readonly path: string;
  readonly method: string;
  readonly status: string;
}

/**
 * `APM_METRIC_NAMES=apm` and `semconv`, the latter with and without the unit that a Collector or another SDK appends.
 */
export const VOCABULARIES: readonly Vocabulary[] = [
  {
    requests: EXPORTED_NAME[SERVER_REQUESTS],
    duration: EXPORTED_NAME[SERVER_DURATION],
    path: EXPORTED_LABEL[ROUTE],
    method: EXPORTED_LABEL[METHOD],
    status: EXPORTED_LABEL[STATUS_CODE],
  },
  {
    requests: `${underscored(SERVER_REQUESTS)}(?:_total)?`,
    duration: `${underscored(SERVER_DURATION)}(?:_seconds)?`,
    path: underscored(ROUTE),
    method: underscored(METHOD),
    status: underscored(STATUS_CODE),
  },
];

/**
 * A counter or a histogram of requests, the latter with all its buckets. Its parts increase and restart together.
 * @property id        unique; the same for every bucket, however `le` is written
 * @property target    its process, by `job` and `instance`; empty in a direct scrape
 * @property endpoint  as in `GET /users/:id`
 * @property error     whether it counts requests answered with 5xx; false without a status label
 */
export interface RequestSeries {
  readonly id: string;
  readonly kind: 'requests' | 'durations';
  readonly target: string;
  readonly endpoint: string;
  readonly error: boolean;
}

/**
 * The histogram of outgoing calls.
 * @property called     a host, or system and host of a database
 * @property operation  the method of HTTP, or the operation of a database
 * @property isDatabase whether nothing is known of failures
 * @property error      whether it counts calls that failed
 */
export interface CallSeries {
  readonly id: string;
  readonly kind: 'calls';
  readonly target: string;
  readonly called: string;
  readonly operation: string;
  readonly isDatabase: boolean;
  readonly error: boolean;
}

/** The counter of the seconds that an endpoint spent on something, in slow requests or in others. */
export interface TimeSpentSeries {
  readonly id: string;
  readonly kind: 'timeSpent';
  readonly target: string;
  readonly endpoint: string;
  readonly on: string;
  readonly isSlow: boolean;
}

export type Series = RequestSeries | CallSeries | TimeSpentSeries;

/**
 * @property part  the value of a counter, the sum of a histogram, the upper bound of a bucket in seconds, or a whole native
 *                 histogram
 */
export interface SeriesPart<S extends Series = Series> {
  readonly series: S;
  readonly part: 'value' | 'sum' | 'native' | number;
}

type Labels = Readonly<Record<string, string>>;

const PATTERNS = VOCABULARIES.map((vocabulary) => ({
  vocabulary,
  requests: new RegExp(`^${vocabulary.requests}$`),
  duration: new RegExp(`^(${vocabulary.duration})(?:_(bucket|sum))?$`),
}));

/** The series and the part that a stored series is; undefined for other metrics. */
export function identifySeries(storedName: string, labels: Labels): SeriesPart<RequestSeries> | undefined {
  const name = underscored(storedName);
  for (const { vocabulary, requests, duration } of PATTERNS) {
    if (requests.test(name)) return { series: buildSeries(vocabulary, 'requests', name, labels), part: 'value' };
    const [, family, part] = duration.exec(name) ?? [];
    if (family === undefined) continue;
    const series = buildSeries(vocabulary, 'durations', family, labels);
    if (part !== 'bucket') return { series, part: part === 'sum' ? 'sum' : 'native' };
    const bound = parseValue(labels.le || 'NaN');
    return Number.isNaN(bound) ? undefined : { series, part: bound };
  }
  return undefined;
}

function buildSeries(
  vocabulary: Vocabulary,
  kind: RequestSeries['kind'],
  name: string,
  storedLabels: Labels,
): RequestSeries {
  const labels = underscoredLabels(storedLabels);
  const endpoint = endpointOf(labels, vocabulary);
  return { ...identityOf(name, labels), kind, endpoint, error: /^5/.test(labels[vocabulary.status] ?? '') };
}

export const underscoredLabels = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).map(([label, value]) => [underscored(label), value]));

/** The same for every bucket of a histogram. */
export function identityOf(name: string, labels: Labels): Pick<RequestSeries, 'id' | 'target'> {
  const { le: _le, ...identity } = labels;
  const id = JSON.stringify([name, Object.entries(identity).sort(([a], [b]) => (a < b ? -1 : 1))]);
  return { id, target: targetKey(labels) };
}

export const endpointOf = (labels: Labels, { method, path }: Pick<Vocabulary, 'method' | 'path'>): string =>
  `${labels[method] ?? OTHER_METHOD} ${labels[path] ?? UNMATCHED}`;

/** Identifies the process of a series. */
export const targetKey = ({ job = '', instance = '' }: Labels): string =>
  job + instance === '' ? '' : JSON.stringify([job, instance]);
