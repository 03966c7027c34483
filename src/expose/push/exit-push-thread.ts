import { workerData } from 'node:worker_threads';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { pushAgents } from './agents.ts';
import type { ExitPush } from './exit-push.ts';
import { createExporter, exporterOptions } from './exporter.ts';

/** Runs in a thread of its own: pushes once, and says that it has. */
const { config, protocol, url, timeoutMillis, attributes, scopeMetrics, ended } = workerData as ExitPush;

// Sockets of pushes keep nothing alive, and this thread has nothing else.
setTimeout(() => {}, timeoutMillis);

try {
  const agents = pushAgents(config, timeoutMillis);
  const exporter = createExporter(protocol, exporterOptions(config, protocol, { url, timeoutMillis, agents }));
  if (exporter === undefined) end();
  else exporter.export({ resource: resourceFromAttributes(attributes), scopeMetrics: [...scopeMetrics] }, end);
} catch {
  end();
}

function end(): void {
  Atomics.store(ended, 0, 1);
  Atomics.notify(ended, 0);
}
