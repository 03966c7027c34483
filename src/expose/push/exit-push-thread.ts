import { workerData } from 'node:worker_threads';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { createPushAgents } from './agents.ts';
import type { ExitPush } from './exit-push.ts';
import { createExporter } from './exporter.ts';

/** A worker thread that pushes once, and then wakes the main thread. */
const { config, protocol, url, proxy, timeoutMillis, attributes, scopeMetrics, ended } = workerData as ExitPush;

// Keeps this thread alive until the push ends: the sockets of a push do not.
setTimeout(() => {}, timeoutMillis);

try {
  const agents = createPushAgents(config, timeoutMillis, proxy);
  const exporter = createExporter(config, protocol, { url, timeoutMillis, agents });
  if (exporter === undefined) end();
  else exporter.export({ resource: resourceFromAttributes(attributes), scopeMetrics: [...scopeMetrics] }, end);
} catch {
  end();
}

function end(): void {
  Atomics.store(ended, 0, 1);
  Atomics.notify(ended, 0);
}
