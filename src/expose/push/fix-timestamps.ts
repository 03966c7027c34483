import type { HrTime } from '@opentelemetry/api';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

/**
 * Has no point begin after its own time, which receivers may refuse. The SDK takes both off the system clock, so that is
 * what its points do once the clock was set back; ours go by the monotonic one.
 */
export function fixTimestamps(metrics: ResourceMetrics): ResourceMetrics {
  for (const { metrics: all } of metrics.scopeMetrics) {
    for (const { dataPoints } of all) {
      for (const point of dataPoints as { startTime: HrTime; endTime: HrTime }[]) {
        const [[second, nano], [endSecond, endNano]] = [point.startTime, point.endTime];
        if (second > endSecond || (second === endSecond && nano > endNano)) point.startTime = point.endTime;
      }
    }
  }
  return metrics;
}
