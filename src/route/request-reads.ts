import { guard } from '../base/guard.ts';
import type { RequestKey } from '../requests/request-record.ts';
import { onCompatRequest } from './compat-request.ts';
import { type NodeRequest, RequestSlot } from './request-slot.ts';
import { RunningFunctions } from './running-functions.ts';

/** What frameworks read of a request before any handler of the app runs. */
const PROPERTIES = ['url', 'method'] as const;
/** Reads of one request that are examined. */
const MAX_READS = 100;

const restores = new RequestSlot<() => void>('reads');

/**
 * Reports which functions are running when a request is read, until one report returns true. So the listener of a framework
 * is found whatever leads to it: `createServer((req, res) => handler(req, res))`, where `handler` may be set late.
 *
 * Meanwhile the properties are accessors of this request. They behave as without, except for
 * `Object.getOwnPropertyDescriptor(request, 'url')`. What inherits from the request may get its own values, as without.
 * @param onRead gets the source texts of functions that were not reported before, from the innermost on
 */
export function watchReads(key: RequestKey, onRead: (functions: string[]) => boolean): void {
  if ('url' in key) watch(key, onRead);
  else onCompatRequest(key, (request) => watch(request as NodeRequest, onRead));
}

function watch(request: NodeRequest, onRead: (functions: string[]) => boolean): void {
  const running = new RunningFunctions();
  let reads = 0;
  const watched = PROPERTIES.map((name) => watchProperty(request, name, read));
  const restore = () => {
    for (const each of watched) each();
    watched.length = 0;
    running.clear();
  };
  restores.set(request, restore);

  function read(getter: () => unknown): void {
    guard('find the framework that reads a request', () => {
      if (++reads > MAX_READS || onRead(running.newTexts(getter))) restore();
    });
  }
}

/** Makes a request what it was. */
export function stopWatchingReads(key: RequestKey): void {
  restores.get(key)?.();
}

/** @returns what restores the property */
function watchProperty(request: NodeRequest, name: string, read: (getter: () => unknown) => void): () => void {
  const before = Object.getOwnPropertyDescriptor(request, name);
  if (before !== undefined && !('value' in before && before.writable && before.configurable)) return () => {};
  let own = before;
  const get = function (this: unknown): unknown {
    read(get);
    return own === undefined ? inherited(request, name, this) : own.value;
  };
  const set = function (this: object, value: unknown): void {
    if (this !== request) Object.defineProperty(this, name, { ...DATA, enumerable: true, value });
    else if (Object.isFrozen(request)) throw new TypeError(`Cannot assign to read only property '${name}' of object`);
    else if (own === undefined) Reflect.set(Object.getPrototypeOf(request), name, value, request);
    else own = { ...own, value };
  };
  const accessor = { get, set, configurable: true, enumerable: before?.enumerable ?? false };
  if (!Reflect.defineProperty(request, name, accessor)) return () => {};
  return () => {
    if (Object.getOwnPropertyDescriptor(request, name)?.get !== get) return;
    if (own === undefined) Reflect.deleteProperty(request, name);
    else Reflect.defineProperty(request, name, own);
  };
}

const DATA = { writable: true, configurable: true };

const inherited = (request: object, name: string, receiver: unknown): unknown =>
  Reflect.get(Object.getPrototypeOf(request), name, receiver);
