import { setTimeout } from '../../../base/timers.ts';
import { guardAdapter } from '../../adapter-failure.ts';
import { isObject, ownValue } from '../../own-property.ts';
import type { NodeRequest } from '../../request-slot.ts';
import { afterListeners } from '../../traps.ts';

/** A request of @hono/node-server, which has Node's request under a symbol. */
export type RawRequest = Readonly<Record<symbol, NodeRequest | undefined>>;

/** @returns whether to report further reads */
type OnRead = (raw: RawRequest) => boolean;

const INCOMING = 'incomingKey';
let incomingKey: symbol | undefined;

/** @returns undefined for a request that the app created itself */
export function incomingOf(raw: RawRequest): NodeRequest | undefined {
  incomingKey ??= Object.getOwnPropertySymbols(raw).find(({ description }) => description === INCOMING);
  return incomingKey && raw[incomingKey];
}

/*
 * Both functions report when code reads the method of a request of @hono/node-server. Hono reads it, then asks its router
 * for the handlers, and then calls them; the app may have done something else before. Nothing shows the class of these
 * requests until the first one is created.
 */

let restoreCreate: (() => void) | undefined;

/** For a server of @hono/node-server: its listener is about to create a request with `Object.create`. */
export function watchNextRequest(onRead: OnRead): void {
  restoreCreate?.();
  if (watchedClasses > 0) return;
  const { create } = Object;
  restoreCreate = () => {
    Reflect.set(Object, 'create', create);
    restoreCreate = undefined;
  };
  Reflect.set(Object, 'create', (prototype: object | null, ...rest: [PropertyDescriptorMap?]) => {
    guardAdapter('Hono', () => {
      if (!isGetter(prototype, 'method') || !isGetter(prototype, 'url')) return;
      restoreCreate?.();
      watchMethod(prototype as object, onRead);
    });
    return Reflect.apply(create, Object, [prototype, ...rest]);
  });
  afterListeners(() => restoreCreate?.());
}

const isGetter = (object: object | null, name: string): boolean =>
  object !== null && Object.getOwnPropertyDescriptor(object, name)?.get !== undefined;

const extended = new WeakSet<object>();
/** The body of that package's class names these, also in a bundle. Apps and other libraries replace `Request` as well. */
const OF_NODE_SERVER = /\bgetReader\b[\s\S]*\bduplex\b/;
/** An app may load the package and serve nothing with it. */
const MAX_LINK_MS = 3_600_000;

/**
 * For a server of another framework, which calls a listener of @hono/node-server. That package replaces the global
 * `Request` by a class of its own, which its requests inherit from, and sets a symbol on each. A link that is put into the
 * chain of prototypes sees the first of these requests, and is removed then, or after an hour.
 */
export function watchEmbeddedRequests(onRead: OnRead): void {
  // Not `globalThis.Request`: Node would load its own class, which takes milliseconds.
  const current = ownValue(globalThis, 'Request');
  const prototype = ownValue(current, 'prototype');
  if (!isObject(prototype) || extended.has(prototype)) return;
  extended.add(prototype);
  if (typeof current !== 'function' || !OF_NODE_SERVER.test(Function.prototype.toString.call(current))) return;
  const above: object | null = Object.getPrototypeOf(prototype);
  if (above === Object.prototype || above === null) return;
  const link = new Proxy(Object.create(above), {
    set(target, key, value, request: object) {
      guardAdapter('Hono', () => {
        if (typeof key !== 'symbol' || key.description !== INCOMING) return;
        removeLink();
        watchMethod(Object.getPrototypeOf(request), onRead);
      });
      return Reflect.set(target, key, value, request);
    },
  });
  Object.setPrototypeOf(prototype, link);
  setTimeout(removeLink, MAX_LINK_MS).unref();

  function removeLink(): void {
    if (Object.getPrototypeOf(prototype as object) === link) Object.setPrototypeOf(prototype as object, above);
  }
}

const watched = new WeakSet<object>();
let watchedClasses = 0;

function watchMethod(prototype: object, onRead: OnRead): void {
  if (watched.has(prototype)) return;
  const before = Object.getOwnPropertyDescriptor(prototype, 'method') as PropertyDescriptor & { get: () => string };
  const isSet = Reflect.defineProperty(prototype, 'method', {
    ...before,
    get(this: RawRequest) {
      guardAdapter('Hono', () => {
        if (onRead(this)) return;
        Object.defineProperty(prototype, 'method', before);
        if (watched.delete(prototype)) watchedClasses--;
      });
      return before.get.call(this);
    },
  });
  if (!isSet) return;
  watched.add(prototype);
  watchedClasses++;
}
