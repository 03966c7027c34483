/**
 * @org/apm in code, for apps that are not started with the preload, or that serve their metrics on a route of their own.
 * Importing it does nothing; `setupApm()` starts it.
 * @packageDocumentation
 */
import { guard } from './base/guard.ts';
import { log } from './base/log.ts';
import type { SetupOptions } from './config/setup-options.ts';
import type { Apm } from './measure.ts';
import { isPreloaded, running, start, startDisabled } from './runtime.ts';

export type { OtlpOptions } from './config/otlp-options.ts';
export type { SetupOptions } from './config/setup-options.ts';
export type { Apm } from './measure.ts';
export type { ApmStatus } from './status.ts';

/**
 * Starts measuring every HTTP request that arrives in this process from now on. Call it before the app creates its
 * servers. It opens no port by default: the app serves `handler` or `metrics()` itself. With `port`, `host` or
 * `metricsPath` it opens the metrics server of the preload.
 *
 * A second call, and a call under the preload, returns the running instance. Its options have no effect, and one warning
 * says so. After `shutdown()` another call starts anew.
 *
 * @example
 * const apm = setupApm({ serviceName: 'shop' });
 * app.get('/metrics', apm.handler);
 *
 * @example
 * const { ready } = setupApm({ port: 9464 });
 * console.log(await ready); // http://localhost:9464
 */
export function setupApm(options: SetupOptions = {}): Apm {
  return guard('start', () => startOnce(options)) ?? startDisabled();
}

function startOnce(options: SetupOptions): Apm {
  // The preload starts when a server listens. Where this call is earlier, it starts now, by the environment.
  const existing = running() ?? (isPreloaded() ? start(undefined, true) : undefined);
  if (existing === undefined) {
    const apm = start(options);
    apm.open();
    return apm;
  }
  const ignored = Object.keys(options).join(', ');
  if (ignored !== '') {
    const remedy = isPreloaded()
      ? 'the preload reads the environment: set their variables'
      : 'pass them to the first call';
    log.warn(
      `setupApm: this process is already measured, so these options have no effect: ${ignored}; ${remedy}`,
      'setting',
    );
  }
  return existing;
}
