import type { IncomingMessage } from 'node:http';
import { reportFailure } from '../base/guard.ts';
import { log } from '../base/log.ts';

/**
 * A request that has just arrived: Node's own `IncomingMessage`, or, over HTTP/2, an object with these properties of it.
 * Nothing of the app has seen it yet, so it has no body and no route.
 */
export type ArrivingRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** Whether a request is not measured. */
export type Ignore = (request: ArrivingRequest) => boolean;

/**
 * The option `ignore` of `setupApm`, as a function that never throws. Where the app's function throws or returns anything
 * but true or false, the request is measured, and the first such failure is logged.
 * @returns undefined where it is not a function; the log says so
 */
export function checkIgnore(option: unknown): Ignore | undefined {
  if (typeof option !== 'function') {
    log.warn(
      `setupApm({ ignore }): expected a function (request) => boolean, given a value of type ${typeof option}; no request is ignored by it`,
      'setting',
    );
    return undefined;
  }
  return (request) => {
    try {
      const answer: unknown = option(request);
      if (typeof answer === 'boolean') return answer;
      // The rejection of an async function would end the app.
      if (answer instanceof Promise) answer.catch(() => {});
      throw new TypeError(`it must return true or false at once, and returned ${nameOf(answer)}`);
    } catch (cause) {
      reportFailure('decide by setupApm({ ignore }) whether a request is measured', cause);
      return false;
    }
  };
}

const nameOf = (value: unknown): string => (value instanceof Promise ? 'a Promise' : `a value of type ${typeof value}`);
