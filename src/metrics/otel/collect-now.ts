import type { HrTime } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import { InstrumentType, type MetricData, type MetricReader, type ScopeMetrics } from '@opentelemetry/sdk-metrics';

/** Private parts of the SDK. A test checks that the pinned version has them. */
interface SdkInternals {
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

const OBSERVABLE: readonly InstrumentType[] = [
  InstrumentType.OBSERVABLE_COUNTER,
  InstrumentType.OBSERVABLE_GAUGE,
  InstrumentType.OBSERVABLE_UP_DOWN_COUNTER,
];

/**
 * Collects what a reader would, synchronously, in a process that is about to exit: the SDK collects in promises, which no
 * longer settle then. Observable instruments are left out, because their callbacks may be asynchronous too. Empty where
 * the private parts of the SDK are not as expected.
 */
export function collectNow(reader: MetricReader): ScopeMetrics[] {
  const collector = (reader as unknown as SdkInternals)._sdkMetricProducer;
  const meters = collector?._sharedState?.meterSharedStates;
  if (collector === undefined || meters === undefined) return [];
  const time = hrTime();
  const found: ScopeMetrics[] = [];
  for (const { _instrumentationScope: scope, metricStorageRegistry } of meters.values()) {
    const metrics = metricStorageRegistry
      .getStorages(collector)
      .filter((storage) => !OBSERVABLE.includes(storage.getInstrumentDescriptor().type))
      .map((storage) => storage.collect(collector, time))
      .filter((metric) => metric !== undefined);
    if (metrics.length > 0) found.push({ scope, metrics });
  }
  return found;
}
