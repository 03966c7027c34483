import type { Attributes } from '@opentelemetry/api';
import { type DataPoint, DataPointType, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import type { Instruments } from '../metrics/otel/instrument-aggregate.ts';
import { boundsOf } from '../metrics/otel/metric-identity.ts';
import { batches, MAX_LABEL_CHARS } from './batches.ts';

/** Some points of one metric. */
export interface InstrumentPart {
  readonly scope: { readonly name: string; readonly version?: string; readonly schemaUrl?: string };
  readonly metric: Omit<MetricData, 'dataPoints'> & {
    readonly isMonotonic?: boolean;
    readonly bounds: readonly number[];
  };
  /** The attributes as JSON, and a number; or the attributes, and a histogram's sum and counts. */
  readonly points: readonly (readonly [string, WireNumber] | readonly [string, WireNumber | null, readonly number[]])[];
}
/** JSON has no infinite numbers: they are sent as text. */
type WireNumber = number | string;

export function* encodeInstruments(instruments: Instruments): Generator<InstrumentPart> {
  for (const { scope, metrics } of instruments) {
    for (const metric of metrics) {
      if (metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) continue;
      const { dataPoints, ...kind } = metric;
      const bounds = boundsOf(metric);
      for (const points of batches(dataPoints as DataPoint<number | Histogram>[], encodePoint)) {
        yield { scope, metric: { ...kind, bounds }, points };
      }
    }
  }
}

/** A series has the same attributes object at every collection. */
const encodedAttributes = new WeakMap<Attributes, string>();

function encodePoint({ attributes, value }: DataPoint<number | Histogram>) {
  let text = encodedAttributes.get(attributes);
  if (text === undefined) {
    text = JSON.stringify(attributes, asLabel);
    encodedAttributes.set(attributes, text);
  }
  if (text.length > MAX_LABEL_CHARS) return undefined;
  const encoded: InstrumentPart['points'][number] =
    typeof value === 'number'
      ? [text, encodeNumber(value)]
      : [text, value.sum === undefined ? null : encodeNumber(value.sum), value.buckets.counts];
  return { encoded, chars: text.length };
}

/** A value that OpenTelemetry does not allow becomes the text that its label has in a scrape. */
function asLabel(this: unknown, key: string, value: unknown): unknown {
  return key === '' || isAttributeValue(value) ? value : JSON.stringify(value);
}

export const isAttributeValue = (value: unknown): boolean =>
  value === null ||
  typeof value !== 'object' ||
  (Array.isArray(value) && value.every((item) => typeof item !== 'object'));

const encodeNumber = (value: number): WireNumber => (Number.isFinite(value) ? value : String(value));
