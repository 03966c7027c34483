import { guard } from '../base/guard.ts';
import { compatRequestOf } from '../requests/app-request.ts';
import { type RequestKey, recordOf } from '../requests/request-record.ts';
import { afterListeners } from './traps.ts';

const METHOD = ':method';

/**
 * Passes on the request that Node's compatibility API creates for an HTTP/2 stream, before the app gets it. Node creates
 * it, and then reads the method from the headers of the stream.
 */
export function onCompatRequest(key: RequestKey, receive: (request: unknown) => void): void {
  const headers = recordOf(key)?.http2Headers;
  const method = headers && Object.getOwnPropertyDescriptor(headers, METHOD);
  if (headers === undefined || method?.configurable !== true || !('value' in method)) return;
  const restore = () => {
    if (Object.getOwnPropertyDescriptor(headers, METHOD)?.get === get) Object.defineProperty(headers, METHOD, method);
  };
  const get = (): unknown => {
    const request = compatRequestOf(key);
    // It is null before.
    if (request) {
      restore();
      guard('watch a request over HTTP/2', () => receive(request));
    }
    return method.value;
  };
  const set = (value: unknown): void => {
    Object.defineProperty(headers, METHOD, { ...method, value });
  };
  Object.defineProperty(headers, METHOD, { get, set, configurable: true, enumerable: method.enumerable ?? true });
  afterListeners(restore);
}
