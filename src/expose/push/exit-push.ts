import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Resource } from '@opentelemetry/resources';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { Config } from '../../config/variables.ts';
import type { Protocol } from './exporter.ts';

/** Longest time, in milliseconds, that the end of a process waits for its last push. */
const EXIT_PUSH_TIMEOUT_MS = 1_000;

/** What the thread is given; it has to be cloneable. */
export interface ExitPush {
  readonly file: string;
  readonly config: Config;
  readonly protocol: Protocol;
  readonly url: string;
  readonly timeoutMillis: number;
  readonly attributes: Resource['attributes'];
  readonly scopeMetrics: readonly ScopeMetrics[];
  /** Its only number is 1 once the push has ended, however. */
  readonly ended: Int32Array;
}

/** The thread loads nothing of the app: neither its loaders nor, by way of NODE_OPTIONS, this preload. */
const THREAD_PROGRAM = `require(require('node:worker_threads').workerData.file)`;

/**
 * Pushes from within an `exit` listener, where nothing that takes time happens any more: a thread does it, and is waited
 * for. Whatever comes of it, the process then ends as it would have.
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
  // Where somebody else emits `exit` and the process lives on.
  worker.on('error', () => {}).unref();
  Atomics.wait(ended, 0, 0, EXIT_PUSH_TIMEOUT_MS - (performance.now() - start));
}
