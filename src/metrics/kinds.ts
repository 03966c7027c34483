import { ON_CODE, ON_UNSEEN, OTHER, SIZE_BUCKETS } from '../semconv.ts';
import type { Labels } from './model.ts';

/** What the values of a label are; `?` where a series may lack it. `json` is the text of an object of texts and numbers. */
export type LabelType = 'text' | 'integer' | 'integer?' | 'text?' | 'json?';

/**
 * A kind of series. Everything that holds, sends, adds up or exports series does it for each kind.
 * @property id      its name between the processes of a service
 * @property labels  in the order in which processes send their values
 * @property bounds  of its histogram; undefined where only counts and sums are kept
 * @property isFine  whether its values, in seconds, are also kept in a fine histogram
 */
export interface Kind<L extends Labels = Labels> {
  readonly id: KindId;
  readonly labels: Readonly<Record<keyof L & string, LabelType>>;
  readonly bounds: readonly number[] | undefined;
  readonly isFine: boolean;
  readonly limit?: SeriesLimit<L>;
  /** What a series becomes when a cap replaced one of its labels: other labels may tell the value, too. */
  onCapped?(labels: L): L;
}

/**
 * Bounds the number of series. Known ones go on counting.
 * @property max     a new series of a route beyond this number gets other labels; and one of a guessed path beyond the
 *                   same number of those
 * @property reduce  these labels, most specific first: the first that are known, else the last
 */
interface SeriesLimit<L extends Labels> {
  readonly max: number;
  reduce(labels: L): readonly [L, ...L[]];
}

/**
 * @property path    a route template, `unmatched` or `other`
 * @property method  a known method or `_OTHER`
 * @property status  as sent; 499 when the client left before any header
 * @property details `url.scheme`, in the form of a call's details
 */
export interface RequestLabels extends Labels {
  readonly path: string;
  readonly method: string;
  readonly status: number;
  readonly details?: string | undefined;
}

/**
 * @property host     with its port, unless that is the default of its scheme
 * @property status   undefined where no answer came
 * @property details  as JSON: attributes that exist, and distinguish series, only under `APM_METRIC_NAMES=semconv`, such as
 *                    `server.address` and `server.port`
 */
export interface CallLabels extends Labels {
  readonly host: string;
  readonly method: string;
  readonly status: number | undefined;
  readonly details?: string | undefined;
}

/**
 * @property system    such as `postgresql`
 * @property host      with its port, unless that is the default of the system
 * @property operation from a short known list, else `other`
 * @property details   in the form of a call's details
 */
export interface DatabaseCallLabels extends Labels {
  readonly system: string;
  readonly host: string;
  readonly operation: string;
  readonly details?: string | undefined;
}

/**
 * @property on    the host called, system and host of a database, `code` or `unseen`
 * @property slow  `true` for requests longer than `APM_SLOW`
 */
export interface TimeSpentLabels extends Labels {
  readonly path: string;
  readonly method: string;
  readonly on: string;
  readonly slow: 'true' | 'false';
}

/** Of a body, by the endpoint. */
export interface SizeLabels extends Labels {
  readonly path: string;
  readonly method: string;
  readonly details?: string | undefined;
}

/** The labels of each kind, by its id. */
export interface LabelsOf {
  requests: RequestLabels;
  calls: CallLabels;
  databaseCalls: DatabaseCallLabels;
  timeSpent: TimeSpentLabels;
  requestSizes: SizeLabels;
  responseSizes: SizeLabels;
}

export type KindId = keyof LabelsOf;
export type Kinds = { readonly [K in KindId]: Kind<LabelsOf[K]> };

export interface KindOptions {
  /** `APM_BUCKETS`, seconds */
  readonly buckets: readonly number[];
  /** `APM_LABELS`: only the names are used here. */
  readonly labels?: Readonly<Record<string, unknown>>;
}

/** The SDK's own default limit of series per instrument. */
const MAX_CALL_SERIES = 2_000;

/** Of the time spent, beside `code`, `unseen` and `other`, of which each path and method has one. */
const MAX_TIME_SPENT_SERIES = 10_000;

/** With labels of the app's own. Without them, paths, methods and statuses are the limit. */
const MAX_LABELLED_SERIES = 5_000;

/** Every kind of series, one row each. */
export const createKinds = ({ buckets, labels = {} }: KindOptions): Kinds => ({
  requests: {
    id: 'requests',
    labels: {
      path: 'text',
      method: 'text',
      status: 'integer',
      details: 'json?',
      ...sameForEach<LabelType>(Object.keys(labels), 'text?'),
    },
    bounds: buckets,
    isFine: true,
    ...(Object.keys(labels).length > 0 && {
      limit: {
        max: MAX_LABELLED_SERIES,
        reduce: (given: RequestLabels) => [{ ...given, ...sameForEach(Object.keys(labels), OTHER) }],
      },
    }),
  },
  calls: {
    id: 'calls',
    labels: { host: 'text', method: 'text', status: 'integer?', details: 'json?' },
    bounds: buckets,
    isFine: true,
    // The details have the address.
    onCapped: ({ host, method, status }) => ({ host, method, status }),
    // Ports, error types and statuses come from other servers and have no bound.
    limit: {
      max: MAX_CALL_SERIES,
      reduce: ({ host, method, status }) => [
        { host, method, status },
        { host: OTHER, method, status: undefined },
      ],
    },
  },
  databaseCalls: {
    id: 'databaseCalls',
    labels: { system: 'text', host: 'text', operation: 'text', details: 'json?' },
    bounds: buckets,
    isFine: true,
    onCapped: ({ system, host, operation }) => ({ system, host, operation }),
    limit: {
      max: MAX_CALL_SERIES,
      reduce: ({ system, host, operation }) => [
        { system, host, operation },
        { system, host: OTHER, operation: OTHER },
      ],
    },
  },
  timeSpent: {
    id: 'timeSpent',
    labels: { path: 'text', method: 'text', on: 'text', slow: 'text' },
    bounds: undefined,
    isFine: false,
    // Path and method stay: over everything that it was spent on, the time sums to that of their requests.
    limit: {
      max: MAX_TIME_SPENT_SERIES,
      reduce: (given) => [{ ...given, on: ON_OWN.includes(given.on) ? given.on : OTHER }],
    },
  },
  requestSizes: { id: 'requestSizes', labels: SIZE_LABELS, bounds: SIZE_BUCKETS, isFine: false },
  responseSizes: { id: 'responseSizes', labels: SIZE_LABELS, bounds: SIZE_BUCKETS, isFine: false },
});

const ON_OWN: readonly string[] = [ON_CODE, ON_UNSEEN];

const SIZE_LABELS = { path: 'text', method: 'text', details: 'json?' } as const;

const sameForEach = <T>(names: readonly string[], value: T): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, value]));
