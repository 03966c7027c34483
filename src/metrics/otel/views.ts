import type { Attributes } from '@opentelemetry/api';
import { AggregationType, type IAttributesProcessor, type ViewOptions } from '@opentelemetry/sdk-metrics';
import {
  CLIENT_DURATION,
  DB_DURATION,
  DB_OPERATION,
  DB_SYSTEM,
  EXPORTED_LABEL,
  EXPORTED_NAME,
  METHOD,
  REQUEST_SIZE,
  RESPONSE_SIZE,
  ROUTE,
  SERVER_ACTIVE,
  SERVER_ADDRESS,
  SERVER_DURATION,
  SERVER_REQUESTS,
  SIZE_BUCKETS,
  SLOW,
  SPENT_ON,
  STATUS_CODE,
  TIME_SPENT,
} from '../../semconv.ts';

type Instrument = keyof typeof EXPORTED_NAME;
type Attribute = keyof typeof EXPORTED_LABEL;

/** The attributes of each instrument that are exported, in the order of the labels. */
const LABELS: Record<Instrument, readonly Attribute[]> = {
  [SERVER_REQUESTS]: [ROUTE, METHOD, STATUS_CODE],
  [SERVER_DURATION]: [ROUTE, METHOD],
  [SERVER_ACTIVE]: [METHOD],
  [TIME_SPENT]: [ROUTE, METHOD, SPENT_ON, SLOW],
  [CLIENT_DURATION]: [SERVER_ADDRESS, METHOD, STATUS_CODE],
  [DB_DURATION]: [DB_SYSTEM, SERVER_ADDRESS, DB_OPERATION],
  [REQUEST_SIZE]: [ROUTE, METHOD],
  [RESPONSE_SIZE]: [ROUTE, METHOD],
};

/** The instruments that have the app's own labels, too. */
const LABELLED: readonly Instrument[] = [SERVER_REQUESTS, SERVER_DURATION];

export interface ViewChoices {
  /** `APM_METRIC_NAMES` */
  readonly metricNames: 'apm' | 'semconv';
  /** `APM_METRIC_PREFIX` */
  readonly metricPrefix: string;
  /** `APM_BUCKETS` */
  readonly buckets: readonly number[];
  /** `APM_LABELS`: only the names are used here. */
  readonly labels?: Readonly<Record<string, unknown>>;
}

/**
 * The one table that knows both vocabularies: the name, bounds and labels of each instrument. It serves the MeterProvider
 * of the app's own instruments and our own series alike.
 */
export function createViews({ metricNames, metricPrefix, buckets, labels = {} }: ViewChoices): ViewOptions[] {
  const boundsOf: Partial<Record<Instrument, readonly number[]>> = {
    [SERVER_DURATION]: buckets,
    [CLIENT_DURATION]: buckets,
    [DB_DURATION]: buckets,
    [REQUEST_SIZE]: SIZE_BUCKETS,
    [RESPONSE_SIZE]: SIZE_BUCKETS,
  };
  const ownLabels = Object.keys(labels);
  return (Object.keys(EXPORTED_NAME) as Instrument[]).map((instrumentName) => ({
    instrumentName,
    name: metricPrefix + (metricNames === 'apm' ? EXPORTED_NAME[instrumentName] : instrumentName),
    ...(boundsOf[instrumentName] && {
      aggregation: {
        type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
        options: { boundaries: [...boundsOf[instrumentName]], recordMinMax: false },
      },
    }),
    attributesProcessors:
      metricNames === 'apm'
        ? [keepAndRename(LABELS[instrumentName], LABELLED.includes(instrumentName) ? ownLabels : [])]
        : [],
  }));
}

/** Keeps these attributes. Ours are renamed to their labels, the app's own have the same name. */
function keepAndRename(attributes: readonly Attribute[], own: readonly string[]): IAttributesProcessor {
  return {
    process(incoming) {
      const labels: Attributes = {};
      for (const name of attributes) {
        if (incoming[name] !== undefined) labels[EXPORTED_LABEL[name]] = incoming[name];
      }
      for (const name of own) if (incoming[name] !== undefined) labels[name] = incoming[name];
      return labels;
    },
  };
}
