import type { Attributes } from '@opentelemetry/api';
import { AggregationType, type IAttributesProcessor, type ViewOptions } from '@opentelemetry/sdk-metrics';
import {
  CLIENT_DURATION,
  EXPORTED_LABEL,
  EXPORTED_NAME,
  METHOD,
  ROUTE,
  SERVER_ACTIVE,
  SERVER_ADDRESS,
  SERVER_DURATION,
  SERVER_REQUESTS,
  STATUS_CODE,
} from '../../semconv.ts';

type Instrument = keyof typeof EXPORTED_NAME;
type Attribute = keyof typeof EXPORTED_LABEL;

/** The attributes of each instrument that are exported, in the order of the labels. */
const LABELS: Record<Instrument, readonly Attribute[]> = {
  [SERVER_REQUESTS]: [ROUTE, METHOD, STATUS_CODE],
  [SERVER_DURATION]: [ROUTE, METHOD],
  [SERVER_ACTIVE]: [METHOD],
  [CLIENT_DURATION]: [SERVER_ADDRESS, METHOD, STATUS_CODE],
};

const HISTOGRAMS: readonly Instrument[] = [SERVER_DURATION, CLIENT_DURATION];

export interface ViewChoices {
  /** `APM_METRIC_NAMES` */
  readonly metricNames: 'apm' | 'semconv';
  /** `APM_METRIC_PREFIX` */
  readonly metricPrefix: string;
  /** `APM_BUCKETS` */
  readonly buckets: readonly number[];
}

/**
 * The one table that knows both vocabularies: the name, bounds and labels of each instrument. It serves the MeterProvider
 * of the app's own instruments and our own series alike.
 */
export function createViews({ metricNames, metricPrefix, buckets }: ViewChoices): ViewOptions[] {
  return (Object.keys(EXPORTED_NAME) as Instrument[]).map((instrumentName) => ({
    instrumentName,
    name: metricPrefix + (metricNames === 'apm' ? EXPORTED_NAME[instrumentName] : instrumentName),
    ...(HISTOGRAMS.includes(instrumentName) && {
      aggregation: {
        type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
        options: { boundaries: [...buckets], recordMinMax: false },
      },
    }),
    attributesProcessors: metricNames === 'apm' ? [keepAndRename(LABELS[instrumentName])] : [],
  }));
}

/** Keeps these attributes and renames them to their labels. */
function keepAndRename(attributes: readonly Attribute[]): IAttributesProcessor {
  return {
    process(incoming) {
      const labels: Attributes = {};
      for (const name of attributes) {
        if (incoming[name] !== undefined) labels[EXPORTED_LABEL[name]] = incoming[name];
      }
      return labels;
    },
  };
}
