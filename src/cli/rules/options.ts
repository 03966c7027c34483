import { splitList } from '../../config/lists.ts';
import { bounds } from '../../config/parsers.ts';
import { VARIABLES } from '../../config/variables.ts';
import { DEFAULT_OBJECTIVES, type Objectives } from './objectives.ts';

/**
 * One option of `apm rules`: one number or text of the objectives.
 * @property usage  name and placeholder: `latency SECONDS`
 * @property apply  returns the objectives with the value; undefined for an invalid value
 */
export interface Option {
  readonly usage: string;
  readonly meaning: string;
  readonly expected: string;
  readonly fallback: string;
  apply(objectives: Objectives, text: string): Objectives | undefined;
}

const parseNumber = (text: string): number | undefined =>
  text.trim() === '' || !Number.isFinite(Number(text)) ? undefined : Number(text);

/** @param set  returns the part of the objectives that has the value */
function numericOption(
  usage: string,
  meaning: string,
  get: (objectives: Objectives) => number,
  set: (objectives: Objectives, value: number) => Partial<Objectives>,
): Option {
  return {
    usage,
    meaning,
    expected: 'a number',
    fallback: String(get(DEFAULT_OBJECTIVES)),
    apply(objectives, text) {
      const value = parseNumber(text);
      return value === undefined ? undefined : { ...objectives, ...set(objectives, value) };
    },
  };
}

/** Characters that a YAML block cannot contain. */
const NOT_IN_YAML = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\ufffd]/u;

const textOption = (usage: string, meaning: string, key: 'job' | 'except' | 'grafana', fallback: string): Option => ({
  usage,
  meaning,
  expected: 'one line of text',
  fallback,
  apply: (objectives, text) => (NOT_IN_YAML.test(text) ? undefined : { ...objectives, [key]: text }),
});

export const OPTIONS: readonly Option[] = [
  textOption('job REGEX', 'the services, by their label job', 'job', DEFAULT_OBJECTIVES.job),
  textOption('except REGEX', 'services with a file of their own', 'except', 'none'),
  {
    usage: 'prefix PREFIX',
    meaning: 'APM_METRIC_PREFIX of the services',
    expected: VARIABLES.metricPrefix.expected,
    fallback: 'none',
    apply(objectives, text) {
      const prefix = VARIABLES.metricPrefix.parse(text);
      return prefix === undefined ? undefined : { ...objectives, prefix };
    },
  },
  {
    usage: 'histogram KIND',
    meaning: 'explicit, or exponential for native histograms',
    expected: VARIABLES.histogram.expected,
    fallback: DEFAULT_OBJECTIVES.histogram,
    apply(objectives, text) {
      const histogram = VARIABLES.histogram.parse(text);
      return histogram === undefined ? undefined : { ...objectives, histogram };
    },
  },
  {
    usage: 'buckets BOUNDS',
    meaning: 'APM_BUCKETS of the services, seconds',
    expected: 'seconds greater than 0, separated by commas',
    fallback: 'the default of APM_BUCKETS',
    apply(objectives, text) {
      const { value: buckets, bad } = bounds.parseEntries(splitList(text));
      return buckets && bad.length === 0 ? { ...objectives, buckets } : undefined;
    },
  },
  numericOption(
    'latency SECONDS',
    'a request that takes longer is slow; one of the bounds',
    (o) => o.latency.seconds,
    (o, seconds) => ({ latency: { ...o.latency, seconds } }),
  ),
  numericOption(
    'latency-target SHARE',
    'requests that must not be slow',
    (o) => o.latency.target,
    (o, target) => ({ latency: { ...o.latency, target } }),
  ),
  numericOption(
    'error-target SHARE',
    'requests that must not be answered with 5xx',
    (o) => o.errors.target,
    (_, target) => ({ errors: { target } }),
  ),
  numericOption(
    'min-requests COUNT',
    'minimum requests in an alert’s long window',
    (o) => o.minRequests,
    (_, minRequests) => ({ minRequests }),
  ),
  numericOption(
    'tail-gap FACTOR',
    'p99 / p50 above which a tail is wide',
    (o) => o.tail.gap,
    (o, gap) => ({ tail: { ...o.tail, gap } }),
  ),
  numericOption(
    'tail-growth FACTOR',
    'growth of that ratio since yesterday above which it widens',
    (o) => o.tail.growth,
    (o, growth) => ({ tail: { ...o.tail, growth } }),
  ),
  numericOption(
    'slower FACTOR',
    'growth of p99 since last week above which an endpoint is slower',
    (o) => o.slower.factor,
    (o, factor) => ({ slower: { ...o.slower, factor } }),
  ),
  numericOption(
    'slower-above SECONDS',
    'p99 below which an endpoint is fast enough',
    (o) => o.slower.seconds,
    (o, seconds) => ({ slower: { ...o.slower, seconds } }),
  ),
  numericOption(
    'above-top SHARE',
    'requests that may be above the highest bound',
    (o) => o.aboveTop,
    (_, aboveTop) => ({ aboveTop }),
  ),
  numericOption(
    'traffic SHARE',
    'of the usual traffic, below which traffic is gone',
    (o) => o.traffic,
    (_, traffic) => ({ traffic }),
  ),
  numericOption(
    'queue SHARE',
    'of a Collector’s queue, above which it is filling',
    (o) => o.queue,
    (_, queue) => ({ queue }),
  ),
  textOption('grafana URL', 'for the links of alerts', 'grafana', 'links within Grafana'),
];

export const optionName = ({ usage }: Option): string => usage.split(' ', 1)[0] as string;
