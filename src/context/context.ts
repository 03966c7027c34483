import { AsyncLocalStorage } from 'node:async_hooks';
import { reportFailure } from '../base/guard.ts';
import type { RequestRecord } from '../requests/request-record.ts';
import { bindBody } from './body.ts';
import { RequestContext } from './request-context.ts';

/** Tells which request is being handled: in its handlers, and in everything asynchronous that they begin. */
export class Context {
  /** For drivers, whose callbacks run in the context of any request. */
  readonly storage = new AsyncLocalStorage<RequestContext | undefined>();

  /** The context of the request that is being handled; undefined outside of any. It may have ended. */
  get current(): RequestContext | undefined {
    return this.storage.getStore();
  }

  /**
   * Begins the context of a request. Called when the request arrives, before its handlers.
   * @returns undefined where that fails: the request is counted all the same
   */
  enter(request: RequestRecord): RequestContext | undefined {
    try {
      const entered = new RequestContext(request.start);
      this.storage.enterWith(entered);
      bindBody(request, this.storage, entered);
      return entered;
    } catch (cause) {
      reportFailure('tell which request is being handled', cause);
      return undefined;
    }
  }

  /** What arrives now is not measured. It must not belong to the request before it on its connection. */
  leave(): void {
    if (this.storage.getStore() !== undefined) this.storage.enterWith(undefined);
  }

  stop(): void {
    this.storage.disable();
  }
}

/**
 * Whether Node itself carries a context along (`AsyncContextFrame`), as it does from Node 24 on. On earlier versions it does so
 * by hooks that run for every promise. Only that implementation has this method.
 */
export const isContextCheap = (): boolean => !('_enable' in AsyncLocalStorage.prototype);
