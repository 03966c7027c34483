import type { HrTime } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import { InstrumentType, type MetricData, type MetricReader, type ScopeMetrics } from '@opentelemetry/sdk-metrics';

/** The inside of the SDK, as far as it is used here. A test holds it to the version that is pinned. */
interface Inside {
  _sdkMetricProducer?: { _sharedState?: { meterSharedStates?: Map<string, Meter> } };
}
interface Meter {
  _instrumentationScope: ScopeMetrics['scope'];
  metricStorageRegistry: { getStorages(collector: object): Storage[] };
}
interface Storage {
  getInstrumentDescriptor(): { type: InstrumentType };
  collect(collector: object, time: HrTime): MetricData | undefined;
}

const OBSERVED: readonly InstrumentType[] = [
  InstrumentType.OBSERVABLE_COUNTER,
  InstrumentType.OBSERVABLE_GAUGE,
  InstrumentType.OBSERVABLE_UP_DOWN_COUNTER,
];

/**
 * What a reader would collect, at once, for a process that is about to end: the SDK itself collects in promises, which
 * nobody settles then. Without observed instruments, whose callbacks may be promises too. Empty where the SDK is another
 * inside.
 */
export function collectNow(reader: MetricReader): ScopeMetrics[] {
  const collector = (reader as unknown as Inside)._sdkMetricProducer;
  const meters = collector?._sharedState?.meterSharedStates;
  if (collector === undefined || meters === undefined) return [];
  const time = hrTime();
  const found: ScopeMetrics[] = [];
  for (const { _instrumentationScope: scope, metricStorageRegistry } of meters.values()) {
    const metrics = metricStorageRegistry
      .getStorages(collector)
      .filter((storage) => !OBSERVED.includes(storage.getInstrumentDescriptor().type))
      .map((storage) => storage.collect(collector, time))
      .filter((metric) => metric !== undefined);
    if (metrics.length > 0) found.push({ scope, metrics });
  }
  return found;
}
