import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Resource } from '@opentelemetry/resources';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { lazy } from '../../base/lazy.ts';
import { ownFile } from '../../base/own-file.ts';
import type { PushProxy } from '../../config/proxy.ts';
import type { Config } from '../../config/variables.ts';
import type { Protocol } from './exporter.ts';

/** The build bundles exit-push-thread.ts and all that it needs into one text. */
const thread = lazy<{ program: string }>(() => require('./exit-push-program.js'));

/** How long the end of a process waits for its last push. */
const EXIT_PUSH_TIMEOUT_MS = 1_000;

/**
 * The data of the worker thread. It is copied by structured clone.
 * @property file  `ownFile` of the main thread; the optional packages for gRPC are looked for from there
 * @property proxy chosen in the process, because the thread does not have its flags
 * @property pnp   the file that lets Node read the packages of Yarn Plug'n'Play
 */
export interface ExitPush {
  readonly file: string | undefined;
  readonly pnp: string | undefined;
  readonly config: Config;
  readonly protocol: Protocol;
  readonly url: string;
  readonly proxy: PushProxy | undefined;
  readonly timeoutMillis: number;
  readonly attributes: Resource['attributes'];
  readonly scopeMetrics: readonly ScopeMetrics[];
  /** One number: 1 after the push has succeeded or failed. */
  readonly ended: Int32Array;
}

/**
 * Pushes from within an `exit` listener. Nothing asynchronous happens in a process at that point, so a thread pushes, and
 * the process blocks until it is done. The exit code is not changed, whether the push succeeds or not.
 *
 * The program of the thread is a text and not a file: there is no file beside a bundle. The thread loads nothing of the
 * app: not its loaders, and not this preload by way of NODE_OPTIONS.
 */
export function pushAtExit(push: Omit<ExitPush, 'file' | 'pnp' | 'timeoutMillis' | 'ended'>): void {
  const start = performance.now();
  const ended = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const { NODE_OPTIONS: _, ...env } = process.env;
  const workerData: ExitPush = {
    ...push,
    file: ownFile,
    pnp: process.versions.pnp && ownFile && createRequire(ownFile).resolve('pnpapi'),
    timeoutMillis: EXIT_PUSH_TIMEOUT_MS,
    ended,
  };
  const worker = new Worker(thread().program, {
    eval: true,
    execArgv: [],
    env,
    workerData,
    stdout: true,
    stderr: true,
  });
  // Needed where other code emits `exit` and the process goes on.
  worker.on('error', () => {}).unref();
  Atomics.wait(ended, 0, 0, EXIT_PUSH_TIMEOUT_MS - (performance.now() - start));
}
