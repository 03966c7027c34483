/**
 * @org/apm in code, for apps that are not started with the preload, or that serve their metrics on a route of their own.
 * Importing it does nothing; `setupApm()` starts it.
 * @packageDocumentation
 */

import type { Apm } from './apm.ts';
import { guard } from './base/guard.ts';
import { lazy } from './base/lazy.ts';
import { isSupportedNode, reportUnsupportedNode } from './base/supported-node.ts';
import type { SetupOptions } from './config/setup-options.ts';
import { createDisabledApm } from './disabled.ts';

export type { Apm } from './apm.ts';
export type { OutgoingCallOptions } from './config/call-options.ts';
export type { ArrivingRequest, Ignore } from './config/ignore.ts';
export type { LabelFunction } from './config/labels.ts';
export type { OtlpOptions } from './config/otlp-options.ts';
export type { SetupOptions } from './config/setup-options.ts';
export type { ScrapeHandler } from './expose/scrape/scrape-handler.ts';
export type { ApmStatus } from './status.ts';

/** Loaded by the first call, so that a Node that is not supported, or a bundle without a part, fails there and not at import. */
const setup = lazy<typeof import('./setup.ts')>(() => require('./setup.js'));

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
  if (!isSupportedNode()) reportUnsupportedNode();
  const apm = isSupportedNode() ? guard('start', () => setup().startOnce(options ?? {})) : undefined;
  return (
    apm ??
    createDisabledApm({ startedBy: 'setupApm', service: { name: 'unknown_service:node', version: null }, maxPaths: 0 })
  );
}
