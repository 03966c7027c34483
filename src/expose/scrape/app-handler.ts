import { lazy } from '../../base/lazy.ts';
import { log } from '../../base/log.ts';
import type { HandlerCall } from './handler-call.ts';
import type { Handler } from './http-handler.ts';
import type { ScrapeHandler } from './scrape-handler.ts';

const handlerCall = lazy<typeof import('./handler-call.ts')>(() => require('./handler-call.js'));

const UNKNOWN_ARGUMENTS =
  'apm.handler was called with arguments of a framework that is not known; send `await apm.metrics()` from a handler of your own, with `apm.contentType` as its content type';

/**
 * Lets every framework call a handler for Node's request and response. It never throws, and causes no unhandled
 * rejection: where the framework is not known, one line says what to do, and the framework gets an error to answer.
 */
export function createAppHandler(handle: Handler): ScrapeHandler {
  let isReported = false;
  // Three parameters, because restify refuses handlers with fewer.
  const handler = (first: unknown, second: unknown, next: unknown): unknown => {
    const call = recognise(first, second);
    if (call !== undefined) {
      return call.result(Promise.resolve(handle(call.request, call.response)));
    }
    if (!isReported) log.error(UNKNOWN_ARGUMENTS, 'setting');
    isReported = true;
    const error = new Error(UNKNOWN_ARGUMENTS);
    if (typeof next === 'function') return next(error);
    const rejected = Promise.reject(error);
    // A framework that ignores the promise would otherwise end the process by an unhandled rejection.
    rejected.catch(() => {});
    return rejected;
  };
  return handler as ScrapeHandler;
}

function recognise(first: unknown, second: unknown): HandlerCall | undefined {
  try {
    return handlerCall().recogniseCall(first, second);
  } catch (cause) {
    // A getter of what the framework passes may throw.
    log.debug(`failed to read the arguments of apm.handler: ${cause}`);
    return undefined;
  }
}
