import { metrics as ownApi } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { MeterProvider, type MetricReader, type ViewOptions } from '@opentelemetry/sdk-metrics';
import { log } from '../../base/log.ts';
import { type AppPackage, createAppRequire } from '../../config/app-package.ts';

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
  const api = appApi(app) ?? ownApi;
  if (api.setGlobalMeterProvider(provider)) return () => api.disable();
  log.debug('another MeterProvider is registered globally, and stays');
  return () => {};
}

function appApi(app: AppPackage | undefined): typeof ownApi | undefined {
  if (app?.dependencies?.['@opentelemetry/api'] === undefined) return undefined;
  try {
    return createAppRequire(app)('@opentelemetry/api').metrics;
  } catch {
    return undefined;
  }
}
