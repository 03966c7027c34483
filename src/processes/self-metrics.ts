import { ValueType } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import { AggregationTemporality, DataPointType, type MetricData, type ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { LATE_PROCESSES, MERGED_PROCESSES, SCOPE } from '../semconv.ts';
import type { Leader } from './leader.ts';

/**
 * Metrics about the merging itself; none while this process was always the only one.
 * @param prefix  `APM_METRIC_PREFIX`
 */
export function selfMetrics({ isShared, mergedFollowers, lateAnswers }: Leader, prefix: string): ScopeMetrics[] {
  if (!isShared) return [];
  const time = hrTime();
  const metric = (name: string, description: string, value: number, isTotal: boolean): MetricData => ({
    descriptor: { name: prefix + name, description, unit: '', valueType: ValueType.INT },
    dataPointType: DataPointType.SUM,
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    isMonotonic: isTotal,
    dataPoints: [{ attributes: {}, startTime: time, endTime: time, value }],
  });
  const metrics = [
    metric(MERGED_PROCESSES, 'Number of processes and threads whose metrics are merged.', 1 + mergedFollowers, false),
    metric(LATE_PROCESSES, 'Number of times a process did not answer a scrape in time.', lateAnswers, true),
  ];
  return [{ scope: { name: SCOPE }, metrics }];
}
