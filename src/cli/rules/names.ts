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

/** The default: there is one rule file. */
export const EVERY_JOB = '.+';

/** One endpoint of one service. */
export const ENDPOINT = ['job', PATH_LABEL, METHOD_LABEL] as const;

/**
 * Without what no route answered: a scanner's quick 404s must hide no slow request, and its slow ones wake nobody. Nor
 * the series of another exporter that happens to use the name, which has no such label.
 */
export const ANSWERED = `${PATH_LABEL}!~"|${UNMATCHED}"`;
export const PAST_THE_CAP = `${PATH_LABEL}="${OTHER}"`;

/** Label values in a double-quoted string. */
export const quoted = (text: string): string => JSON.stringify(text);

/** The bucket of a bound. Prometheus 3 writes `1.0` where it scrapes, an OTLP receiver and Prometheus 2 write `1`. */
export function bucketOf(bound: number): string {
  const text = String(bound);
  return text.includes('.') ? `le=${quoted(text)}` : `le=~${quoted(`${text}([.]0)?`)}`;
}

/** The names of the recorded series. All are rates of five minutes of a whole service, or of half an hour of one endpoint. */
export const RECORDED = {
  requests: `job:${REQUESTS.replace(/_total$/, '')}:rate5m`,
  errors: `job:${REQUESTS.replace(/_total$/, '')}_errors:rate5m`,
  timed: `job:${DURATION}_count:rate5m`,
  slow: `job:${DURATION}_slow:rate5m`,
  p99: `job_${PATH_LABEL}_${METHOD_LABEL}:${DURATION}:p99_30m`,
  p50: `job_${PATH_LABEL}_${METHOD_LABEL}:${DURATION}:p50_30m`,
  count: `job_${PATH_LABEL}_${METHOD_LABEL}:${DURATION}_count:increase30m`,
} satisfies Record<string, string>;

/** Which services a rule file is for. */
interface Services {
  readonly job: string;
  readonly except: string;
}

/** The services that these objectives are for, as matchers. */
export const services = ({ job, except }: Services): string =>
  [`job=~${quoted(job)}`, ...(except === '' ? [] : [`job!~${quoted(except)}`])].join(', ');

/** The recorded series of these services: another rule file may have other ones. */
export function recorded(which: Services): typeof RECORDED {
  if (which.job === EVERY_JOB && which.except === '') return RECORDED;
  const selected = Object.entries(RECORDED).map(([key, name]) => [key, `${name}{${services(which)}}`]);
  return Object.fromEntries(selected) as typeof RECORDED;
}
