import type { AsyncLocalStorage } from 'node:async_hooks';
import type { CallSink } from './call-record.ts';

/**
 * @property isIgnored  whether an HTTP call with these request options is left alone, such as one of our own pushes
 * @property withDetails whether targets have `details`, for `APM_METRIC_NAMES=semconv`
 * @property contexts   the context of each request, where requests are told apart. A driver with a pool calls back in the
 *                      context of any request: the callback then belongs into that of the request that made the call.
 */
export interface CallSourceOptions {
  readonly sink: CallSink;
  isIgnored(options: object): boolean;
  readonly withDetails: boolean;
  readonly contexts?: AsyncLocalStorage<unknown> | undefined;
}

/** Where calls are seen: a client of Node's own, or a driver. A new driver is a file with one of these and a row in a table. */
export interface CallSource {
  readonly name: string;
  /** Watches all calls, present and future. @returns stops watching, and restores what was changed */
  watch(options: CallSourceOptions): () => void;
}
