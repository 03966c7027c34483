import type { HrTime } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type ResourceMetrics } from '@opentelemetry/sdk-metrics';

/**
 * Gives every delta of a push the same interval: from the end of the last push that arrived until now. A receiver adds
 * deltas up, so their intervals must leave no gap and not overlap. The SDK's points begin when a series last changed, and
 * those of a failed push have an end of their own.
 */
export function setDeltaInterval({ scopeMetrics }: ResourceMetrics, startTime: HrTime, endTime: HrTime): void {
  for (const { aggregationTemporality, dataPointType, dataPoints } of scopeMetrics.flatMap(({ metrics }) => metrics)) {
    if (aggregationTemporality !== AggregationTemporality.DELTA || dataPointType === DataPointType.GAUGE) continue;
    for (const point of dataPoints) Object.assign(point, { startTime, endTime });
  }
}
