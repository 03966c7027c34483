import type { CallSink } from './call-record.ts';

/**
 * @property isIgnored  whether an HTTP call with these request options is left alone, such as one of our own pushes
 * @property withDetails whether targets have `details`, for `APM_METRIC_NAMES=semconv`
 * @property bind       returns a callback that runs in the context of the request that is being handled now; undefined where
 *                      requests are not told apart. A driver with a pool calls back in the context of any request.
 */
export interface CallSourceOptions {
  readonly sink: CallSink;
  isIgnored(options: object): boolean;
  readonly withDetails: boolean;
  readonly bind?: (<F extends (...args: never[]) => unknown>(callback: F) => F) | undefined;
}

/** Where calls are seen: a client of Node's own, or a driver. A new driver is a file with one of these and a row in a table. */
export interface CallSource {
  readonly name: string;
  /** Watches all calls, present and future. @returns stops watching, and restores what was changed */
  watch(options: CallSourceOptions): () => void;
}
