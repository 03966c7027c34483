import type { Attributes } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import {
  AggregationTemporality,
  DataPointType,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { totalCount } from '../base/counts.ts';
import { type InstrumentPart, isAttributeValue } from './instrument-wire.ts';

/** Reads the instruments that one sender sends. */
export class InstrumentReader {
  /** One object for the same text: an aggregate finds the series by it. */
  readonly #attributes = new Map<string, Attributes>();

  /** @throws where the part is malformed */
  read(part: unknown): ScopeMetrics {
    const { scope, metric, points } = part as InstrumentPart;
    const { name, description, unit, valueType } = metric.descriptor;
    const { version = '', schemaUrl = '' } = scope;
    const names = [scope.name, version, schemaUrl, name, description, unit];
    if (!names.every((text) => typeof text === 'string')) throw new Error('a name is not a text');
    if (!areBounds(metric.bounds)) throw new Error('the bounds are not increasing numbers');
    const type = metric.dataPointType;
    const isIncrement = metric.aggregationTemporality === AggregationTemporality.DELTA;
    const isMonotonic = type === DataPointType.SUM ? metric.isMonotonic === true : undefined;
    if (isIncrement && isMonotonic === false) throw new Error('an up-down counter has no increments');
    const time = hrTime();
    const dataPoints = points.map(([text, value, counts]) => ({
      attributes: this.#attributesOf(text),
      startTime: time,
      endTime: time,
      value:
        type === DataPointType.HISTOGRAM
          ? decodeHistogram(metric.bounds, value, counts)
          : decodeNumber(value, isIncrement),
    }));
    const kind = { descriptor: { name, description, unit, valueType }, dataPointType: type };
    const aggregationTemporality = isIncrement ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
    return { scope, metrics: [{ ...kind, aggregationTemporality, isMonotonic, dataPoints } as MetricData] };
  }

  #attributesOf(text: string): Attributes {
    const known = this.#attributes.get(text);
    if (known !== undefined) return known;
    const attributes: unknown = JSON.parse(text);
    if (typeof attributes !== 'object' || attributes === null || !Object.values(attributes).every(isAttributeValue)) {
      throw new Error('the attributes are malformed');
    }
    this.#attributes.set(text, Object.freeze(attributes) as Attributes);
    return attributes as Attributes;
  }
}

const areBounds = (bounds: readonly unknown[]): boolean =>
  bounds.every((bound, i) => Number.isFinite(bound) && (i === 0 || Number(bound) > Number(bounds[i - 1])));

/** @param isIncrement an increment must not make a total smaller */
function decodeNumber(given: unknown, isIncrement: boolean): number {
  const value = typeof given === 'number' ? given : Number(given ?? Number.NaN);
  if (isIncrement && !(value >= 0)) throw new Error('an increment is negative or no number');
  return value;
}

function decodeHistogram(bounds: readonly number[], sum: unknown, counts: readonly number[] | undefined): Histogram {
  if (!Array.isArray(bounds) || !Array.isArray(counts) || counts.length !== bounds.length + 1) {
    throw new Error('the number of buckets does not fit the bounds');
  }
  if (sum !== null && Number.isNaN(Number(sum))) throw new Error('a sum is no number');
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0)) throw new Error('a count is no integer');
  return {
    buckets: { boundaries: bounds as number[], counts: counts as number[] },
    count: totalCount(counts),
    ...(sum !== null && { sum: decodeNumber(sum, false) }),
  };
}
