import type { Attributes } from '@opentelemetry/api';
import { type DataPoint, DataPointType, type Histogram, type ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { Config } from '../../config/variables.ts';
import {
  EXPORTED_LABEL,
  EXPORTED_NAME,
  METHOD,
  ROUTE,
  SCOPE,
  SERVER_DURATION,
  SERVER_REQUESTS,
  STATUS_CODE,
} from '../../semconv.ts';

/** Who is told what is in increments. */
export interface Told {
  requests(path: string, method: string, status: number, requests: number): void;
  times(path: string, method: string, seconds: number, counts: readonly number[]): void;
}

/** Reads requests out of increments, under whatever names they are exported. */
export function incrementReader(names: Config['metricNames'], told: Told): (given: readonly ScopeMetrics[]) => void {
  const isApm = names === 'apm';
  const label = (attribute: keyof typeof EXPORTED_LABEL) => (isApm ? EXPORTED_LABEL[attribute] : attribute);
  const metricName = (name: keyof typeof EXPORTED_NAME) => (isApm ? EXPORTED_NAME[name] : name);
  const [path, method, status] = [label(ROUTE), label(METHOD), label(STATUS_CODE)];
  const [requests, duration] = [metricName(SERVER_REQUESTS), metricName(SERVER_DURATION)];
  const named = (attributes: Attributes) => [String(attributes[path]), String(attributes[method])] as const;
  return (given) => {
    for (const { scope, metrics } of given) {
      if (scope.name !== SCOPE) continue;
      for (const { descriptor, dataPointType, dataPoints } of metrics) {
        if (descriptor.name === requests && dataPointType === DataPointType.SUM) {
          for (const { attributes, value } of dataPoints as DataPoint<number>[]) {
            told.requests(...named(attributes), Number(attributes[status]), value);
          }
        } else if (descriptor.name === duration && dataPointType === DataPointType.HISTOGRAM) {
          for (const { attributes, value } of dataPoints as DataPoint<Histogram>[]) {
            told.times(...named(attributes), value.sum ?? 0, value.buckets.counts);
          }
        }
      }
    }
  };
}
