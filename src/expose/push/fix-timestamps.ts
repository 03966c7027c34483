import type { HrTime } from '@opentelemetry/api';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

/**
 * Corrects points whose start time is after their own time, because receivers may refuse them. Points of the SDK are such
 * after the system clock was set back. Points of this package are not: they use the monotonic clock.
 */
export function fixTimestamps(metrics: ResourceMetrics): ResourceMetrics {
  for (const { metrics: all } of metrics.scopeMetrics) {
    for (const { dataPoints } of all) {
      for (const point of dataPoints as { startTime: HrTime; endTime: HrTime }[]) {
        const [[startSecond, startNano], [endSecond, endNano]] = [point.startTime, point.endTime];
        if (startSecond > endSecond || (startSecond === endSecond && startNano > endNano))
          point.startTime = point.endTime;
      }
    }
  }
  return metrics;
}
