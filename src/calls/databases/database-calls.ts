import { reportFailure } from '../../base/guard.ts';
import { CallRecord, type CallSink } from '../call-record.ts';
import type { CallSourceOptions } from '../call-source.ts';
import { databaseErrorType } from './error-type.ts';
import type { DatabaseSystem } from './system.ts';
import { DatabaseTargets } from './targets.ts';

/** As a driver tells it. The default port may be missing. */
export interface DatabaseAddress {
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
}

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

  /** @param at when it began, in milliseconds. @returns undefined where it failed */
  start(server: DatabaseAddress | undefined, operation: string, at: number): CallRecord | undefined {
    try {
      return new CallRecord(this.targets.find(server?.host, server?.port, operation), this.#sink, at);
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
