import type { MetricReader, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { collectNow } from './otel/collect-now.ts';
import { reportCollectionErrors } from './otel/collection-errors.ts';
import { InstrumentDeltas } from './otel/deltas.ts';
import { SeriesProducer } from './otel/producer.ts';
import { sanitizeAttributes } from './otel/sanitize-attributes.ts';
import type { RequestSeries } from './series.ts';

/** What this process has counted since it was last asked, as increments, and how things stand; or ever. */
export interface ProcessMetrics {
  /** All there is. */
  collect(): Promise<ScopeMetrics[]>;
  /** Requests alone, at once: cheap enough to be asked for several times a second. */
  requests(): ScopeMetrics[];
  /** All that can be had at once, from a process that is about to end. */
  last(): ScopeMetrics[];
  /** All there ever was; whoever was given increments is not given them again by this. */
  totals(): Promise<ScopeMetrics[]>;
}

/** Longest time, in milliseconds, a scrape waits for an app's own callback to observe a value. */
const OBSERVING = 5_000;

/** @param sdk the reader of everything that is not a bound series */
export function createProcessMetrics(series: RequestSeries, sdk: MetricReader): ProcessMetrics {
  const producer = new SeriesProducer(series, 'delta');
  const total = new SeriesProducer(series, 'cumulative');
  const differences = new InstrumentDeltas();
  const collectSdk = async () => {
    const { resourceMetrics, errors } = await sdk.collect({ timeoutMillis: OBSERVING });
    reportCollectionErrors(errors, resourceMetrics.scopeMetrics, sdk);
    return resourceMetrics;
  };
  return {
    async collect() {
      const resourceMetrics = await collectSdk();
      return [...producer.read(), ...differences.of(sanitizeAttributes(resourceMetrics.scopeMetrics))];
    },
    async totals() {
      const resourceMetrics = await collectSdk();
      return [...total.read(), ...sanitizeAttributes(resourceMetrics.scopeMetrics)];
    },
    requests: () => producer.read(),
    last: () => [...producer.read(), ...differences.of(sanitizeAttributes(collectNow(sdk)))],
  };
}
