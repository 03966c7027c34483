import type { Attributes } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { boundsOf } from '../metrics/otel/metric-identity.ts';

/** So many points are one message: making or reading it is not felt. */
const AT_ONCE = 200;
/** Nor are so many characters of labels, unless those of one point are more. */
const LABELS_AT_ONCE = 64 * 1024;
/** A point with more characters of labels is no message that anybody would take: it is left out. */
const LABELS = 1024 * 1024;

/** Some points of one metric, as they are sent. JSON has no infinite numbers; they are words there. */
export interface Part {
  readonly scope: { readonly name: string; readonly version?: string; readonly schemaUrl?: string };
  readonly metric: Omit<MetricData, 'dataPoints'> & {
    readonly isMonotonic?: boolean;
    readonly bounds: readonly number[];
  };
  /** The attributes as JSON, then a number, or a histogram's sum and counts. */
  readonly points: readonly (readonly [string, Num] | readonly [string, Num | null, readonly number[]])[];
}
type Num = number | string;

/** The same attributes are the same text at every collection. */
const texts = new WeakMap<Attributes, string>();

export function* encodeScopes(scopes: readonly ScopeMetrics[]): Generator<Part> {
  for (const { scope, metrics } of scopes) {
    for (const metric of metrics) {
      if (metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) continue;
      const { dataPoints, ...kind } = metric;
      const bounds = boundsOf(metric);
      for (const points of messages(dataPoints as DataPoint<number | Histogram>[])) {
        yield { scope, metric: { ...kind, bounds }, points };
      }
    }
  }
}

function* messages(dataPoints: readonly DataPoint<number | Histogram>[]): Generator<Part['points']> {
  let points: Part['points'][number][] = [];
  let labels = 0;
  for (const dataPoint of dataPoints) {
    const point = encode(dataPoint);
    const { length } = point[0];
    if (length > LABELS) continue;
    if (points.length === AT_ONCE || (points.length > 0 && labels + length > LABELS_AT_ONCE)) {
      yield points;
      points = [];
      labels = 0;
    }
    points.push(point);
    labels += length;
  }
  if (points.length > 0) yield points;
}

function encode({ attributes, value }: DataPoint<number | Histogram>): Part['points'][number] {
  let text = texts.get(attributes);
  if (text === undefined) {
    text = JSON.stringify(attributes, asText);
    texts.set(attributes, text);
  }
  if (typeof value === 'number') return [text, num(value)];
  return [text, value.sum === undefined ? null : num(value.sum), value.buckets.counts];
}

/** What is no attribute of OpenTelemetry's is the text that its label has in a scrape. */
function asText(this: unknown, key: string, value: unknown): unknown {
  return key === '' || isPlain(value) ? value : JSON.stringify(value);
}

const isPlain = (value: unknown): boolean =>
  value === null ||
  typeof value !== 'object' ||
  (Array.isArray(value) && value.every((one) => typeof one !== 'object'));

const areBounds = (bounds: readonly unknown[]): boolean =>
  bounds.every((bound, i) => Number.isFinite(bound) && (i === 0 || Number(bound) > Number(bounds[i - 1])));

const num = (value: number): Num => (Number.isFinite(value) ? value : String(value));

/** Reads the parts of one sender; the same text is the same attributes object, so that its series is found by it. */
export class WireReader {
  readonly #attributes = new Map<string, Attributes>();

  /** @throws where it is not what a sender of this version sends */
  read(given: unknown): ScopeMetrics {
    const { scope, metric, points } = given as Part;
    const { name, description, unit, valueType } = metric.descriptor;
    const { version = '', schemaUrl = '' } = scope;
    const names = [scope.name, version, schemaUrl, name, description, unit];
    if (!names.every((text) => typeof text === 'string')) throw new Error('no names');
    if (!areBounds(metric.bounds)) throw new Error('no bounds');
    const type = metric.dataPointType;
    const additive = metric.aggregationTemporality === AggregationTemporality.DELTA;
    const time = hrTime();
    const dataPoints = points.map(([text, value, counts]) => ({
      attributes: this.#attributesOf(text),
      startTime: time,
      endTime: time,
      value: type === DataPointType.HISTOGRAM ? histogram(metric.bounds, value, counts) : number(value, additive),
    }));
    const kind = { descriptor: { name, description, unit, valueType }, dataPointType: type };
    const aggregationTemporality = additive ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
    const isMonotonic = type === DataPointType.SUM ? metric.isMonotonic === true : undefined;
    if (additive && isMonotonic === false) throw new Error('an up-down counter has no increments');
    return { scope, metrics: [{ ...kind, aggregationTemporality, isMonotonic, dataPoints } as MetricData] };
  }

  #attributesOf(text: string): Attributes {
    const known = this.#attributes.get(text);
    if (known !== undefined) return known;
    const attributes: unknown = JSON.parse(text);
    if (typeof attributes !== 'object' || attributes === null || !Object.values(attributes).every(isPlain))
      throw new Error('no labels');
    this.#attributes.set(text, Object.freeze(attributes) as Attributes);
    return attributes as Attributes;
  }
}

/** @param growing a total must not be made smaller */
function number(given: unknown, growing: boolean): number {
  const value = typeof given === 'number' ? given : Number(given ?? Number.NaN);
  if (growing && !(value >= 0)) throw new Error('not an increment');
  return value;
}

function histogram(bounds: readonly number[], sum: unknown, counts: readonly number[] | undefined): Histogram {
  if (!Array.isArray(bounds) || !Array.isArray(counts) || counts.length !== bounds.length + 1)
    throw new Error('no buckets');
  if (sum !== null && Number.isNaN(Number(sum))) throw new Error('not a sum');
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0)) throw new Error('not counts');
  return {
    buckets: { boundaries: bounds as number[], counts: counts as number[] },
    count: counts.reduce((all, count) => all + count, 0),
    ...(sum !== null && { sum: number(sum, false) }),
  };
}
