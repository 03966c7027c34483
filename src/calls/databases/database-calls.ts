import { reportFailure } from '../../base/guard.ts';
import { CallRecord, type CallSink } from '../call-record.ts';
import type { CallSourceOptions } from '../call-source.ts';
import { databaseErrorType } from './error-type.ts';
import type { DatabaseSystem } from './system.ts';
import { DatabaseTargets } from './targets.ts';

/** Starts and ends the calls of a patched driver. Nothing that fails here reaches the driver or the app. */
export class DatabaseCalls {
  readonly targets: DatabaseTargets;
  readonly #driver: string;
  readonly #sink: CallSink;

  /** @param driver the name of its package */
  constructor(driver: string, system: DatabaseSystem, { sink, withDetails }: CallSourceOptions) {
    this.#driver = driver;
    this.#sink = sink;
    this.targets = new DatabaseTargets(system, withDetails);
  }

  /** @returns undefined where it failed */
  start(host: string | undefined, port: number | string | undefined, operation: string): CallRecord | undefined {
    try {
      return new CallRecord(this.targets.find(host, port, operation), this.#sink);
    } catch (cause) {
      reportFailure(`see the start of a call of ${this.#driver}`, cause);
      return undefined;
    }
  }

  /** @param error undefined or null where the call succeeded */
  end(call: CallRecord | undefined, error?: unknown): void {
    if (!call?.isOpen) return;
    try {
      const isError = error !== undefined && error !== null;
      call.end(this.#sink, undefined, isError ? databaseErrorType(error) : undefined);
    } catch (cause) {
      reportFailure(`see the end of a call of ${this.#driver}`, cause);
    }
  }
}
