import {
  EXPORTED_LABEL,
  EXPORTED_NAME,
  METHOD,
  OTHER,
  ROUTE,
  SERVER_DURATION,
  SERVER_REQUESTS,
  SLOW,
  SPENT_ON,
  STATUS_CODE,
  TIME_SPENT,
  UNMATCHED,
} from '../../semconv.ts';

/** The names of the metrics. @param prefix  `APM_METRIC_PREFIX` of the services */
export const metricNames = (prefix: string) => ({
  requests: prefix + EXPORTED_NAME[SERVER_REQUESTS],
  duration: prefix + EXPORTED_NAME[SERVER_DURATION],
  timeSpent: prefix + EXPORTED_NAME[TIME_SPENT],
});

export const PATH_LABEL = EXPORTED_LABEL[ROUTE];
export const METHOD_LABEL = EXPORTED_LABEL[METHOD];
export const STATUS_LABEL = EXPORTED_LABEL[STATUS_CODE];
export const ON_LABEL = EXPORTED_LABEL[SPENT_ON];
export const SLOW_LABEL = EXPORTED_LABEL[SLOW];

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

/** The names of the recorded series: five-minute rates of a service, and figures of an endpoint over half an hour. */
export function recordedNames(prefix: string) {
  const { requests, duration } = metricNames(prefix);
  const service = `job:${requests.replace(/_total$/, '')}`;
  const endpoint = `job_${PATH_LABEL}_${METHOD_LABEL}:${duration}`;
  return {
    requests: `${service}:rate5m`,
    errors: `${service}_errors:rate5m`,
    timed: `job:${duration}_count:rate5m`,
    slow: `job:${duration}_slow:rate5m`,
    p99: `${endpoint}:p99_30m`,
    p50: `${endpoint}:p50_30m`,
    count: `${endpoint}_count:increase30m`,
  };
}

/** The services of a rule file. */
interface Services {
  readonly job: string;
  readonly except: string;
  readonly prefix: string;
}

/** The label matchers of these services. */
export const serviceMatchers = ({ job, except }: Pick<Services, 'job' | 'except'>): string =>
  [`job=~${quote(job)}`, ...(except === '' ? [] : [`job!~${quote(except)}`])].join(', ');

/** The recorded series of these services only: another rule file may record others. */
export function recordedSeries(which: Services): ReturnType<typeof recordedNames> {
  const names = recordedNames(which.prefix);
  if (which.job === EVERY_JOB && which.except === '') return names;
  const selected = Object.entries(names).map(([key, name]) => [key, `${name}{${serviceMatchers(which)}}`]);
  return Object.fromEntries(selected) as typeof names;
}
