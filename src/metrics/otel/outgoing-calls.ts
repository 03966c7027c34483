import { guard } from '../../base/guard.ts';
import { lazy } from '../../base/lazy.ts';
import { log } from '../../base/log.ts';
import { findOtherTracer, hasTracingApi } from './other-tracer.ts';
import type { OutgoingOptions } from './outgoing.ts';

/** Loaded only where outgoing calls are measured. */
const outgoing = lazy<typeof import('./outgoing.ts')>(() => require('./outgoing.js'));

/**
 * Measures outgoing calls, unless another tool instruments them: two instrumentations lose each other's spans and send
 * each trace header twice.
 */
export class OutgoingCalls {
  readonly #options: OutgoingOptions;
  #isStarted = false;
  #leftTo: string | undefined;
  #end = (): void => {};

  constructor(options: OutgoingOptions) {
    this.#options = options;
  }

  /** Why outgoing calls are not measured: what other tool instruments them. undefined where they are measured. */
  get leftTo(): string | undefined {
    return this.#isStarted ? this.#leftTo : findOtherTracer();
  }

  start(): void {
    this.#leftTo = findOtherTracer();
    this.#isStarted = true;
    if (this.#leftTo !== undefined) {
      log.info(`outgoing calls are not measured, because ${this.#leftTo}`);
      return;
    }
    const isIgnored = (call: object) => this.#isSuspended() || this.#options.isIgnored(call);
    const measure = () => outgoing().measureOutgoing({ ...this.#options, isIgnored });
    this.#end = guard('measure outgoing calls', measure) ?? this.#end;
  }

  stop(): void {
    this.#end();
    this.#end = () => {};
  }

  /** Whether another tool has started since. Asked before anything is done for a call, so that the call has its headers. */
  #isSuspended(): boolean {
    if (this.#leftTo !== undefined) return true;
    if (!hasTracingApi()) return false;
    this.#leftTo = findOtherTracer();
    log.info(`outgoing calls are no longer measured, because ${this.#leftTo}`);
    // Not at once: this is called by a channel, and a subscriber that is removed meanwhile makes it skip the next one.
    queueMicrotask(() => guard('stop measuring outgoing calls', () => this.stop()));
    return true;
  }
}
