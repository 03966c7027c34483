import type { Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  AggregationType,
  MeterProvider,
  MetricReader,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';
import { log } from '../../base/log.ts';
import type { AppPackage } from '../../config/app-package.ts';
import { apiOf, registeredGlobal } from './app-api.ts';

/** Collects the totals of the app's own instruments whenever it is asked, for scrapes and for the other processes. */
export class OnDemandReader extends MetricReader {
  constructor() {
    super({
      aggregationSelector: () => ({ type: AggregationType.DEFAULT }),
      aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE,
    });
  }

  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** The MeterProvider of the app's own instruments, under the same views as our series. */
export function createProvider(resource: Resource, views: ViewOptions[], readers: MetricReader[]): MeterProvider {
  return new MeterProvider({ resource, views, readers });
}

/**
 * Registers the provider globally, for instruments that an app creates through @opentelemetry/api. A provider that the
 * app's own SDK registered stays. Where the app has its own copy of the API, that copy registers, because an API ignores
 * globals of an older version.
 * @returns unregisters it
 */
export function registerGlobally(provider: MeterProvider, app: AppPackage | undefined): () => void {
  const { metrics: api } = apiOf(app);
  // Checked first, because the API reports a second registration as an error.
  if (registeredGlobal('metrics') === undefined && api.setGlobalMeterProvider(provider)) return () => api.disable();
  log.debug('another MeterProvider is registered globally; it stays registered');
  return () => {};
}
