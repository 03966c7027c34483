import { type Attributes, ValueType } from '@opentelemetry/api';
import {
  CLIENT_DURATION,
  METHOD,
  ROUTE,
  SERVER_ADDRESS,
  SERVER_DURATION,
  SERVER_REQUESTS,
  STATUS_CODE,
} from '../../semconv.ts';
import type { KindId } from '../kinds.ts';
import type { Labels } from '../model.ts';
import type { Instrument } from './exported-instrument.ts';

/**
 * A metric that a kind of series is exported as.
 * @property value  what of the series: the number of events, or the histogram of their values
 */
export interface ExportedMetric {
  readonly kind: KindId;
  readonly value: 'count' | 'histogram';
  readonly instrument: Instrument;
}

const { INT, DOUBLE } = ValueType;

/** In the order of the exposition. */
export const EXPORTED_METRICS: readonly ExportedMetric[] = [
  {
    kind: 'requests',
    value: 'count',
    instrument: { name: SERVER_REQUESTS, description: 'Finished HTTP requests.', valueType: INT },
  },
  {
    kind: 'requests',
    value: 'histogram',
    instrument: {
      name: SERVER_DURATION,
      description: "Seconds from a request's arrival to the end of its response.",
      valueType: DOUBLE,
    },
  },
  {
    kind: 'calls',
    value: 'histogram',
    instrument: { name: CLIENT_DURATION, description: 'Seconds an outgoing HTTP call took.', valueType: DOUBLE },
  },
];

/** The attribute of each label that is not one itself. */
const ATTRIBUTE_OF: Readonly<Record<string, string>> = {
  path: ROUTE,
  method: METHOD,
  status: STATUS_CODE,
  host: SERVER_ADDRESS,
};

/** This label is the JSON of several attributes. */
const DETAILS = 'details';

/** The attributes of a series, under the names of the semantic conventions. */
export function attributesOf(labels: Labels): Attributes {
  const attributes: Attributes = {};
  for (const name in labels) {
    const value = labels[name];
    if (name === DETAILS) Object.assign(attributes, typeof value === 'string' && JSON.parse(value));
    else if (value !== undefined) attributes[ATTRIBUTE_OF[name] ?? name] = value;
  }
  return attributes;
}
