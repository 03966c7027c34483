import type { Resource } from '@opentelemetry/resources';
import { MeterProvider, type MetricReader, type ViewOptions } from '@opentelemetry/sdk-metrics';
import { log } from '../../base/log.ts';
import type { AppPackage } from '../../config/app-package.ts';
import { apiOf, registeredGlobal } from './app-api.ts';

/** The MeterProvider of outgoing calls and of the app's own instruments, under the same views as the bound series. */
export function createProvider(resource: Resource, views: ViewOptions[], readers: MetricReader[]): MeterProvider {
  return new MeterProvider({ resource, views, readers });
}

/**
 * Makes it the global one, for instruments an app creates through @opentelemetry/api. A global that an app's own SDK has
 * set stays. Where the app has its own copy of the API, that one registers: an API sees no global older than itself.
 * @returns takes it back
 */
export function registerGlobally(provider: MeterProvider, app: AppPackage | undefined): () => void {
  const { metrics: api } = apiOf(app);
  // Checked first, because the API reports a second registration as an error.
  if (registeredGlobal('metrics') === undefined && api.setGlobalMeterProvider(provider)) return () => api.disable();
  log.debug('another MeterProvider is registered globally, and stays');
  return () => {};
}
