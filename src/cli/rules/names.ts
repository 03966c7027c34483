import {
  EXPORTED_LABEL,
  EXPORTED_NAME,
  METHOD,
  OTHER,
  ROUTE,
  SERVER_DURATION,
  SERVER_REQUESTS,
  STATUS_CODE,
  UNMATCHED,
} from '../../semconv.ts';

export const REQUESTS = EXPORTED_NAME[SERVER_REQUESTS];
export const DURATION = EXPORTED_NAME[SERVER_DURATION];
export const PATH_LABEL = EXPORTED_LABEL[ROUTE];
export const METHOD_LABEL = EXPORTED_LABEL[METHOD];
export const STATUS_LABEL = EXPORTED_LABEL[STATUS_CODE];

/** The default: one rule file for all services. */
export const EVERY_JOB = '.+';

/** The labels that identify one endpoint of one service. */
export const ENDPOINT = ['job', PATH_LABEL, METHOD_LABEL] as const;

/**
 * Excludes requests that no route answered: the fast 404s of a scanner must not hide slow requests, and its slow ones
 * must not wake anyone. Also excludes other exporters' series of the same name, which lack the label.
 */
export const ANSWERED_PATHS = `${PATH_LABEL}!~"|${UNMATCHED}"`;
export const CAPPED_PATH = `${PATH_LABEL}="${OTHER}"`;

/** Quotes a label value. */
const quote = (text: string): string => JSON.stringify(text);

/**
 * Matches the bucket of a bound. Prometheus 3 stores `1.0` for a scrape; its OTLP receiver and Prometheus 2 store `1`.
 */
export function bucketMatcher(bound: number): string {
  const text = String(bound);
  return text.includes('.') ? `le=${quote(text)}` : `le=~${quote(`${text}([.]0)?`)}`;
}

/** The recorded series: five-minute rates of a service, and figures of an endpoint over half an hour. */
export const RECORDED = {
  requests: `job:${REQUESTS.replace(/_total$/, '')}:rate5m`,
  errors: `job:${REQUESTS.replace(/_total$/, '')}_errors:rate5m`,
  timed: `job:${DURATION}_count:rate5m`,
  slow: `job:${DURATION}_slow:rate5m`,
  p99: `job_${PATH_LABEL}_${METHOD_LABEL}:${DURATION}:p99_30m`,
  p50: `job_${PATH_LABEL}_${METHOD_LABEL}:${DURATION}:p50_30m`,
  count: `job_${PATH_LABEL}_${METHOD_LABEL}:${DURATION}_count:increase30m`,
} satisfies Record<string, string>;

/** The services of a rule file. */
interface Services {
  readonly job: string;
  readonly except: string;
}

/** The label matchers of these services. */
export const serviceMatchers = ({ job, except }: Services): string =>
  [`job=~${quote(job)}`, ...(except === '' ? [] : [`job!~${quote(except)}`])].join(', ');

/** The recorded series of these services only: another rule file may record others. */
export function recordedSeries(which: Services): typeof RECORDED {
  if (which.job === EVERY_JOB && which.except === '') return RECORDED;
  const selected = Object.entries(RECORDED).map(([key, name]) => [key, `${name}{${serviceMatchers(which)}}`]);
  return Object.fromEntries(selected) as typeof RECORDED;
}
