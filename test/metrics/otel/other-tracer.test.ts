import { channel } from 'node:diagnostics_channel';
import http from 'node:http';
import https from 'node:https';
import { context, ProxyTracerProvider, propagation, trace } from '@opentelemetry/api';
import { afterEach, expect, it } from 'vitest';
import { findOtherTracer } from '../../../src/metrics/otel/other-tracer.ts';

const original = { request: http.request, get: http.get };
const originalSecure = { request: https.request, get: https.get };
const originalFetch = globalThis.fetch;
const listener = () => {};

afterEach(() => {
  Object.assign(http, original);
  Object.assign(https, originalSecure);
  globalThis.fetch = originalFetch;
  channel('undici:request:create').unsubscribe(listener);
  channel('http.client.request.start').unsubscribe(listener);
  for (const api of [trace, propagation, context]) api.disable();
  Reflect.deleteProperty(globalThis, '__SENTRY__');
});

it('finds nothing in a process without another tool', () => {
  expect(findOtherTracer()).toBe(undefined);
});

it('finds every function of http and https that other code has wrapped', () => {
  const wrappers = [
    [
      'http.request',
      http,
      'request',
      (call: typeof http.request) => Object.assign(call.bind(null), { __wrapped: true }),
    ],
    // Looks like the original, except for its code.
    [
      'http.get',
      http,
      'get',
      (call: typeof http.get) =>
        function get(this: unknown, ...args: never) {
          return Reflect.apply(call, this, args);
        },
    ],
    ['https.request', https, 'request', (call: typeof http.request) => new Proxy(call, {})],
    [
      'https.get',
      https,
      'get',
      (call: typeof http.get) =>
        (...args: never) =>
          Reflect.apply(call, https, args),
    ],
  ] as const;
  for (const [name, module, key, wrap] of wrappers) {
    const before = module[key];
    Object.assign(module, { [key]: wrap(before) });
    expect(findOtherTracer()).toBe(`other code has wrapped ${name}`);
    Object.assign(module, { [key]: before });
  }
  expect(findOtherTracer()).toBe(undefined);
});

it.each(['undici:request:create', 'http.client.request.start'])('finds a subscriber of %s', (name) => {
  channel(name).subscribe(listener);
  expect(findOtherTracer()).toBe(`other code subscribes to ${name}`);
});

it.each<[string, () => unknown]>([
  ['a tracer provider', () => trace.setGlobalTracerProvider(new ProxyTracerProvider())],
  ['a propagator', () => propagation.setGlobalPropagator({ inject() {}, extract: (from) => from, fields: () => [] })],
])('finds %s in the API of OpenTelemetry', (_, registerGlobally) => {
  registerGlobally();
  expect(findOtherTracer()).toBe('an OpenTelemetry SDK is active in this process');
});

it('names the tool that left its mark, and does not take the mark alone for a tool that is active', () => {
  Object.assign(globalThis, { __SENTRY__: {} });
  expect(findOtherTracer()).toBe(undefined);
  channel('undici:request:create').subscribe(listener);
  expect(findOtherTracer()).toBe('Sentry is active in this process');
});

it('does not mind a wrapper of fetch: frameworks have one for their caches', () => {
  globalThis.fetch = (...args) => originalFetch(...args);
  expect(findOtherTracer()).toBe(undefined);
});
