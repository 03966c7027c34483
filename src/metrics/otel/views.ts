import type { AggregationType, IAttributesProcessor, ViewOptions } from '@opentelemetry/sdk-metrics';
import {
  CLIENT_DURATION,
  EXPORTED_LABEL,
  EXPORTED_NAME,
  METHOD,
  OTHER,
  ROUTE,
  SERVER_ACTIVE,
  SERVER_ADDRESS,
  SERVER_DURATION,
  SERVER_REQUESTS,
  STATUS_CODE,
} from '../../semconv.ts';

type Instrument = keyof typeof EXPORTED_NAME;
type Attribute = keyof typeof EXPORTED_LABEL;

/** Which attributes of each instrument leave the process, in the order of the labels. */
const LABELS: Record<Instrument, readonly Attribute[]> = {
  [SERVER_REQUESTS]: [ROUTE, METHOD, STATUS_CODE],
  [SERVER_DURATION]: [ROUTE, METHOD],
  [SERVER_ACTIVE]: [METHOD],
  [CLIENT_DURATION]: [SERVER_ADDRESS, METHOD, STATUS_CODE],
};

const HISTOGRAMS: readonly Instrument[] = [SERVER_DURATION, CLIENT_DURATION];

/**
 * `AggregationType.EXPLICIT_BUCKET_HISTOGRAM`. As a literal, because the enum would load the SDK into a server before
 * its first answer.
 */
const EXPLICIT_BUCKETS = 4 satisfies AggregationType.EXPLICIT_BUCKET_HISTOGRAM;

export interface ViewChoices {
  /** `APM_METRIC_NAMES` */
  readonly metricNames: 'apm' | 'semconv';
  /** `APM_BUCKETS` */
  readonly buckets: readonly number[];
  /** `APM_MAX_PATHS`, for hosts of outgoing calls */
  readonly maxPaths: number;
}

/**
 * The one place that knows both vocabularies: which instrument gets which name, bounds and labels. Serves the
 * MeterProvider and the bound series alike.
 */
export function views({ metricNames, buckets, maxPaths }: ViewChoices): ViewOptions[] {
  const capHosts = cap(SERVER_ADDRESS, maxPaths);
  return (Object.keys(EXPORTED_NAME) as Instrument[]).map((instrumentName) => ({
    instrumentName,
    ...(metricNames === 'apm' && { name: EXPORTED_NAME[instrumentName] }),
    ...(HISTOGRAMS.includes(instrumentName) && {
      aggregation: { type: EXPLICIT_BUCKETS, options: { boundaries: [...buckets], recordMinMax: false } },
    }),
    attributesProcessors: [
      ...(instrumentName === CLIENT_DURATION ? [capHosts] : []),
      ...(metricNames === 'apm' ? [keepAndRename(LABELS[instrumentName])] : []),
    ],
  }));
}

/** Keeps these attributes, under the names of their labels. */
function keepAndRename(attributes: readonly Attribute[]): IAttributesProcessor {
  return {
    process: (incoming) =>
      Object.fromEntries(
        attributes.filter((name) => incoming[name] !== undefined).map((name) => [EXPORTED_LABEL[name], incoming[name]]),
      ),
  };
}

/** Past so many distinct values of an attribute, every new one is `other`. */
function cap(attribute: Attribute, max: number): IAttributesProcessor {
  const seen = new Set<unknown>();
  return {
    process(incoming) {
      const value = incoming[attribute];
      if (value === undefined || seen.has(value)) return incoming;
      if (seen.size >= max) return { ...incoming, [attribute]: OTHER };
      seen.add(value);
      return incoming;
    },
  };
}
