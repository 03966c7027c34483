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
import { numberOf } from './exposition.ts';

/** As Prometheus writes a name of the conventions. */
const underscored = (name: string): string => name.replace(/[^\w:]/g, '_');

/**
 * One way of naming the metrics.
 * @property requests  the counter, without `_total` where some ways to Prometheus leave that out; a pattern
 * @property duration  the histogram, without `_bucket`; a pattern
 */
export interface Vocabulary {
  readonly requests: string;
  readonly duration: string;
  readonly path: string;
  readonly method: string;
  readonly status: string;
}

/** `APM_METRIC_NAMES=apm`, and `semconv`: as it is scraped, and as a Collector or an SDK with units writes it. */
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
 * A counter, or a histogram with all its buckets: what counts up together, and begins anew together.
 * @property id        tells it from every other; the same for every bucket, however `le` is written
 * @property target    the process it is of, by `job` and `instance`; empty in a scrape of its own
 * @property endpoint  `GET /users/:id`
 * @property error     whether what it counts was answered with 5xx; false where it has no status
 */
export interface Series {
  readonly id: string;
  readonly kind: 'requests' | 'durations';
  readonly target: string;
  readonly endpoint: string;
  readonly error: boolean;
}

/** @property part  what of the series it is: its only value, the sum, or the bucket up to so many seconds */
export interface Meaning {
  readonly series: Series;
  readonly part: 'value' | 'sum' | number;
}

type Labels = Readonly<Record<string, string>>;

const KNOWN = VOCABULARIES.map((words) => ({
  words,
  requests: new RegExp(`^${words.requests}$`),
  duration: new RegExp(`^(${words.duration})_(bucket|sum)$`),
}));

/** What a series is of ours; undefined where it is none. */
export function meaningOf(written: string, labels: Labels): Meaning | undefined {
  const name = underscored(written);
  for (const { words, requests, duration } of KNOWN) {
    if (requests.test(name)) return { series: series(words, 'requests', name, labels), part: 'value' };
    const [, family, part] = duration.exec(name) ?? [];
    if (family === undefined) continue;
    const bound = part === 'sum' ? 'sum' : numberOf(labels.le || 'NaN');
    if (Number.isNaN(bound)) return undefined;
    return { series: series(words, 'durations', family, labels), part: bound };
  }
  return undefined;
}

function series(words: Vocabulary, kind: Series['kind'], name: string, given: Labels): Series {
  const labels: Record<string, string> = {};
  for (const [label, value] of Object.entries(given)) labels[underscored(label)] = value;
  const { le: _le, ...own } = labels;
  const id = JSON.stringify([name, Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1))]);
  const endpoint = `${labels[words.method] ?? OTHER_METHOD} ${labels[words.path] ?? UNMATCHED}`;
  return { id, kind, target: targetOfLabels(labels), endpoint, error: /^5/.test(labels[words.status] ?? '') };
}

/** The process that labels are of. */
export const targetOfLabels = ({ job = '', instance = '' }: Labels): string =>
  job + instance === '' ? '' : JSON.stringify([job, instance]);
