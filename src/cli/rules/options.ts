import { bounds } from '../../config/parsers.ts';
import { DEFAULT_OBJECTIVES, type Objectives } from './objectives.ts';

/** One option of the command: one number or text of the objectives. */
export interface Option {
  /** With what stands for its value: `latency SECONDS` */
  readonly usage: string;
  readonly meaning: string;
  readonly expected: string;
  readonly fallback: string;
  /** @returns the objectives with it, undefined where it is not what was expected */
  apply(objectives: Objectives, text: string): Objectives | undefined;
}

const number = (text: string): number | undefined =>
  text.trim() === '' || !Number.isFinite(Number(text)) ? undefined : Number(text);

/** @param put  the objectives with this value */
function numeric(
  usage: string,
  meaning: string,
  get: (objectives: Objectives) => number,
  put: (objectives: Objectives, value: number) => Partial<Objectives>,
): Option {
  return {
    usage,
    meaning,
    expected: 'a number',
    fallback: String(get(DEFAULT_OBJECTIVES)),
    apply(objectives, text) {
      const value = number(text);
      return value === undefined ? undefined : { ...objectives, ...put(objectives, value) };
    },
  };
}

/** What YAML takes in no block. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\ufffd]/u;

const textual = (usage: string, meaning: string, key: 'job' | 'except' | 'grafana', fallback: string): Option => ({
  usage,
  meaning,
  expected: 'a text in one line',
  fallback,
  apply: (objectives, text) => (UNPRINTABLE.test(text) ? undefined : { ...objectives, [key]: text }),
});

export const OPTIONS: readonly Option[] = [
  textual('job REGEX', 'the services, by their label job', 'job', DEFAULT_OBJECTIVES.job),
  textual('except REGEX', 'those of them that have a file of their own', 'except', 'none'),
  {
    usage: 'buckets BOUNDS',
    meaning: 'their APM_BUCKETS, seconds',
    expected: 'ascending seconds greater than 0, separated by commas',
    fallback: 'the default of APM_BUCKETS',
    apply(objectives, text) {
      const buckets = bounds(text);
      return buckets && { ...objectives, buckets };
    },
  },
  numeric(
    'latency SECONDS',
    'a request that takes longer is slow; one of the bounds',
    (o) => o.latency.seconds,
    (o, seconds) => ({ latency: { ...o.latency, seconds } }),
  ),
  numeric(
    'latency-target SHARE',
    'how many must not be slow',
    (o) => o.latency.target,
    (o, target) => ({ latency: { ...o.latency, target } }),
  ),
  numeric(
    'error-target SHARE',
    'how many must not be answered with 5xx',
    (o) => o.errors.target,
    (_, target) => ({ errors: { target } }),
  ),
  numeric(
    'min-requests COUNT',
    'fewer in an alert’s long window say nothing',
    (o) => o.minRequests,
    (_, minRequests) => ({ minRequests }),
  ),
  numeric(
    'tail-gap FACTOR',
    'p99 over p50 from where on a tail is wide',
    (o) => o.tail.gap,
    (o, gap) => ({ tail: { ...o.tail, gap } }),
  ),
  numeric(
    'tail-growth FACTOR',
    'times yesterday’s, from where on it is widening',
    (o) => o.tail.growth,
    (o, growth) => ({ tail: { ...o.tail, growth } }),
  ),
  numeric(
    'slower FACTOR',
    'p99 over last week’s from where on it is slower',
    (o) => o.slower.factor,
    (o, factor) => ({ slower: { ...o.slower, factor } }),
  ),
  numeric(
    'slower-above SECONDS',
    'below this p99 nobody notices',
    (o) => o.slower.seconds,
    (o, seconds) => ({ slower: { ...o.slower, seconds } }),
  ),
  numeric(
    'above-top SHARE',
    'how many may be above the highest bound',
    (o) => o.aboveTop,
    (_, aboveTop) => ({ aboveTop }),
  ),
  numeric(
    'traffic SHARE',
    'of the usual traffic, below which it is gone',
    (o) => o.traffic,
    (_, traffic) => ({ traffic }),
  ),
  numeric(
    'queue SHARE',
    'of a Collector’s queue that may fill',
    (o) => o.queue,
    (_, queue) => ({ queue }),
  ),
  textual('grafana URL', 'where Grafana is, for the links of alerts', 'grafana', 'links within Grafana'),
];

export const nameOf = ({ usage }: Option): string => usage.split(' ', 1)[0] as string;
