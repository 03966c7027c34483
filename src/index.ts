/**
 * @org/apm in code, for apps that are not started with the preload, or that serve their metrics as a route of their own.
 * Importing it does nothing; `setupApm()` starts it.
 * @packageDocumentation
 */
import { log } from './base/log.ts';
import type { Apm } from './measure.ts';
import { isPreloaded, running, type StartOptions, start } from './runtime.ts';

export type { Apm } from './measure.ts';
export type { ApmStatus } from './status.ts';

/**
 * Each option is a variable of the README's table, checked the same way, and wins over the environment. A bad value
 * never throws: one line says what is used instead.
 */
export interface SetupOptions
  extends Pick<
    StartOptions,
    | 'authToken'
    | 'buckets'
    | 'exporters'
    | 'exportInterval'
    | 'host'
    | 'ignorePaths'
    | 'knownMethods'
    | 'logLevel'
    | 'maxPaths'
    | 'metricNames'
    | 'metricsPath'
    | 'outgoing'
    | 'port'
    | 'resourceAttributes'
    | 'routes'
    | 'serviceName'
    | 'serviceVersion'
  > {}

/**
 * Starts measuring this process: every HTTP request that arrives from now on. Call it before the app creates its
 * servers. Unless `exporters` says otherwise it opens no port: the app serves `handler` or `metrics()` itself.
 *
 * Called again, or under the preload, it returns what already runs; its options then do nothing, and a line says so.
 *
 * @example
 * const apm = setupApm({ serviceName: 'shop' });
 * app.get('/metrics', apm.handler);
 */
export function setupApm(options: SetupOptions = {}): Apm {
  // Under the preload the environment has said how it is to run; it only has not had to yet.
  const already = running() ?? (isPreloaded() ? start(undefined, true) : undefined);
  if (already !== undefined) {
    if (Object.keys(options).length > 0)
      log.warn('setupApm: already running in this process; these options do nothing', 'setting');
    return already;
  }
  const apm = start(options);
  apm.open();
  return apm;
}
