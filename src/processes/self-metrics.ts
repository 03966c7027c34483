import { ValueType } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import { AggregationTemporality, DataPointType, type MetricData, type ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { LATE_PROCESSES, MERGED_PROCESSES, SCOPE } from '../semconv.ts';
import type { Leader } from './leader.ts';

/** How the merging itself goes; nothing where there never was anything to merge. */
export function selfMetrics({ shared, merged, late }: Leader): ScopeMetrics[] {
  if (!shared) return [];
  const time = hrTime();
  const metric = (name: string, description: string, value: number, total: boolean): MetricData => ({
    descriptor: { name, description, unit: '', valueType: ValueType.INT },
    dataPointType: DataPointType.SUM,
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    isMonotonic: total,
    dataPoints: [{ attributes: {}, startTime: time, endTime: time, value }],
  });
  const metrics = [
    metric(MERGED_PROCESSES, 'Processes and threads whose metrics are merged here.', 1 + merged, false),
    metric(LATE_PROCESSES, 'Times that one of them had not answered when a scrape was made.', late, true),
  ];
  return [{ scope: { name: SCOPE }, metrics }];
}
