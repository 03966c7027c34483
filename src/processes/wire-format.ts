import type { Attributes } from '@opentelemetry/api';
import {
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { boundsOf } from '../metrics/otel/metric-identity.ts';
import type { Increments, States } from './increments.ts';

/** Encoding or decoding one message must not hold up the app. */
const POINTS_PER_MESSAGE = 200;
/** The characters of labels in one message, unless one point alone has more. */
const LABEL_CHARS_PER_MESSAGE = 64 * 1024;
/** A point with more characters of labels is left out: its message would be longer than the receiver accepts. */
const MAX_LABEL_CHARS = 1024 * 1024;

/** Some points of one metric. */
export interface Part {
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

export const encodeIncrements = (increments: Increments): Generator<Part> => encodeScopes(increments);

export const encodeStates = (states: States): Generator<Part> => encodeScopes(states);

function* encodeScopes(scopes: readonly ScopeMetrics[]): Generator<Part> {
  for (const { scope, metrics } of scopes) {
    for (const metric of metrics) {
      if (metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) continue;
      const { dataPoints, ...kind } = metric;
      const bounds = boundsOf(metric);
      for (const points of pointsByMessage(dataPoints as DataPoint<number | Histogram>[])) {
        yield { scope, metric: { ...kind, bounds }, points };
      }
    }
  }
}

function* pointsByMessage(dataPoints: readonly DataPoint<number | Histogram>[]): Generator<Part['points']> {
  let points: Part['points'][number][] = [];
  let labelChars = 0;
  for (const dataPoint of dataPoints) {
    const point = encodePoint(dataPoint);
    const { length } = point[0];
    if (length > MAX_LABEL_CHARS) continue;
    const isFull = points.length === POINTS_PER_MESSAGE || labelChars + length > LABEL_CHARS_PER_MESSAGE;
    if (points.length > 0 && isFull) {
      yield points;
      points = [];
      labelChars = 0;
    }
    points.push(point);
    labelChars += length;
  }
  if (points.length > 0) yield points;
}

/** A series has the same attributes object at every collection. */
const encodedAttributes = new WeakMap<Attributes, string>();

function encodePoint({ attributes, value }: DataPoint<number | Histogram>): Part['points'][number] {
  let text = encodedAttributes.get(attributes);
  if (text === undefined) {
    text = JSON.stringify(attributes, asLabel);
    encodedAttributes.set(attributes, text);
  }
  if (typeof value === 'number') return [text, encodeNumber(value)];
  return [text, value.sum === undefined ? null : encodeNumber(value.sum), value.buckets.counts];
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
