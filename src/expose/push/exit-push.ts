import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Resource } from '@opentelemetry/resources';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { Config } from '../../config/variables.ts';
import type { Protocol } from './exporter.ts';

/** How long the end of a process waits for its last push. */
const EXIT_PUSH_TIMEOUT_MS = 1_000;

/** The data of the worker thread. It is copied by structured clone. */
export interface ExitPush {
  readonly file: string;
  readonly config: Config;
  readonly protocol: Protocol;
  readonly url: string;
  readonly timeoutMillis: number;
  readonly attributes: Resource['attributes'];
  readonly scopeMetrics: readonly ScopeMetrics[];
  /** One number: 1 after the push has succeeded or failed. */
  readonly ended: Int32Array;
}

/** The thread loads nothing of the app: not its loaders, and not this preload by way of NODE_OPTIONS. */
const THREAD_PROGRAM = `require(require('node:worker_threads').workerData.file)`;

/**
 * Pushes from within an `exit` listener. Nothing asynchronous happens in a process at that point, so a thread pushes, and
 * the process blocks until it is done. The exit code is not changed, whether the push succeeds or not.
 */
export function pushAtExit(push: Pick<ExitPush, 'config' | 'protocol' | 'url' | 'attributes' | 'scopeMetrics'>): void {
  const start = performance.now();
  const ended = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const { NODE_OPTIONS: _, ...env } = process.env;
  const workerData: ExitPush = {
    ...push,
    file: fileURLToPath(new URL('./exit-push-thread.js', import.meta.url)),
    timeoutMillis: EXIT_PUSH_TIMEOUT_MS,
    ended,
  };
  const worker = new Worker(THREAD_PROGRAM, { eval: true, execArgv: [], env, workerData, stdout: true, stderr: true });
  // Needed where other code emits `exit` and the process goes on.
  worker.on('error', () => {}).unref();
  Atomics.wait(ended, 0, 0, EXIT_PUSH_TIMEOUT_MS - (performance.now() - start));
}
