import { type Attributes, ValueType } from '@opentelemetry/api';
import {
  CLIENT_CLOSED_REQUEST,
  CLIENT_CLOSED_REQUEST_TYPE,
  CLIENT_DURATION,
  DB_DURATION,
  DB_OPERATION,
  DB_SYSTEM,
  ERROR_TYPE,
  METHOD,
  OTHER_ERROR_TYPE,
  REQUEST_SIZE,
  RESPONSE_SIZE,
  ROUTE,
  SERVER_ADDRESS,
  SERVER_DURATION,
  SERVER_REQUESTS,
  SLOW,
  SPENT_ON,
  STATUS_CODE,
  TIME_SPENT,
} from '../../semconv.ts';
import type { KindId } from '../kinds.ts';
import type { Labels, LabelValue } from '../model.ts';
import type { Instrument } from './exported-instrument.ts';

/**
 * A metric that a kind of series is exported as.
 * @property value  what of the series: the number of events, the sum or the histogram of their values
 */
export interface ExportedMetric {
  readonly kind: KindId;
  readonly value: 'count' | 'sum' | 'histogram';
  readonly instrument: Instrument;
}

const { INT, DOUBLE } = ValueType;

/** In the order of the exposition. */
export const EXPORTED_METRICS: readonly ExportedMetric[] = [
  {
    kind: 'requests',
    value: 'count',
    instrument: { name: SERVER_REQUESTS, description: 'Finished HTTP requests.', unit: '{request}', valueType: INT },
  },
  {
    kind: 'requests',
    value: 'histogram',
    instrument: {
      name: SERVER_DURATION,
      description: "Seconds from a request's arrival to the end of its response.",
      unit: 's',
      valueType: DOUBLE,
    },
  },
  {
    kind: 'calls',
    value: 'histogram',
    instrument: {
      name: CLIENT_DURATION,
      description: 'Seconds an outgoing HTTP call took.',
      unit: 's',
      valueType: DOUBLE,
    },
  },
  {
    kind: 'databaseCalls',
    value: 'histogram',
    instrument: {
      name: DB_DURATION,
      description: 'Seconds a call of a database or a cache took.',
      unit: 's',
      valueType: DOUBLE,
    },
  },
  {
    kind: 'timeSpent',
    value: 'sum',
    instrument: {
      name: TIME_SPENT,
      description: 'Seconds of finished HTTP requests, by what they were spent on.',
      unit: 's',
      valueType: DOUBLE,
    },
  },
  {
    kind: 'requestSizes',
    value: 'histogram',
    instrument: {
      name: REQUEST_SIZE,
      description: 'Bytes of the body of an HTTP request, as received.',
      unit: 'By',
      valueType: INT,
    },
  },
  {
    kind: 'responseSizes',
    value: 'histogram',
    instrument: {
      name: RESPONSE_SIZE,
      description: 'Bytes of the body of an HTTP response, as sent.',
      unit: 'By',
      valueType: INT,
    },
  },
];

/** The attribute of each label that is not one itself. */
const ATTRIBUTE_OF: Readonly<Record<string, string>> = {
  path: ROUTE,
  method: METHOD,
  status: STATUS_CODE,
  host: SERVER_ADDRESS,
  system: DB_SYSTEM,
  operation: DB_OPERATION,
  on: SPENT_ON,
  slow: SLOW,
};

/** The attribute `error.type` of a status, by the kind of series; undefined where the status is no error. */
const ERROR_TYPE_OF: Partial<Record<KindId, (status: LabelValue) => string | undefined>> = {
  // The conventions say: an answer of 4xx is an error of the client, and so not one of the server.
  requests(status) {
    if (status === CLIENT_CLOSED_REQUEST) return CLIENT_CLOSED_REQUEST_TYPE;
    return Number(status) >= 500 ? String(status) : undefined;
  },
  calls(status) {
    if (status === undefined) return OTHER_ERROR_TYPE;
    return Number(status) >= 400 ? String(status) : undefined;
  },
};

/** This label is the JSON of several attributes. */
const DETAILS = 'details';

/**
 * The attributes of a series, under the names of the semantic conventions.
 * @param kind of a series that has a status
 */
export function attributesOf(labels: Labels, kind?: KindId): Attributes {
  const attributes: Attributes = {};
  for (const name in labels) {
    const value = labels[name];
    if (name === DETAILS) Object.assign(attributes, typeof value === 'string' && JSON.parse(value));
    else if (value !== undefined) attributes[ATTRIBUTE_OF[name] ?? name] = value;
  }
  const errorType = kind && ERROR_TYPE_OF[kind]?.(labels.status);
  // Where no answer came, the details of a call know more about its error.
  return errorType === undefined ? attributes : { [ERROR_TYPE]: errorType, ...attributes };
}
