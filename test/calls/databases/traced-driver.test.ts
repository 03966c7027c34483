import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { CallRecord } from '../../../src/calls/call-record.ts';
import { createTracedDriver } from '../../../src/calls/databases/traced-driver.ts';

interface Message {
  readonly operation?: string;
}

const driver = createTracedDriver<Message>({
  name: 'a driver',
  system: 'redis',
  address: () => 'localhost',
  port: () => 6380,
  channels: {
    'test-driver:command': { operation: (message) => message.operation },
    'test-driver:batch': { operation: () => 'MULTI', hasParts: true },
    'test-driver:pool': { operation: () => 'connect', isWait: true },
  },
});
const commands = tracingChannel('test-driver:command');
const batches = tracingChannel('test-driver:batch');
const pools = tracingChannel('test-driver:pool');

let events: string[];
const sink = {
  started: ({ target }: CallRecord) => void events.push(`start ${target.operation}`),
  ended: ({ target, error }: CallRecord) => void events.push(`end ${target.operation}${error ? ` ${error}` : ''}`),
};

beforeEach(() => {
  events = [];
  onTestFinished(driver.watch({ sink, isIgnored: () => false, withDetails: false }));
});

const later = () => new Promise((resolve) => setImmediate(resolve));
const send = (operation: string) => commands.tracePromise(later, { operation });

it('sees a call that returns a promise', async () => {
  const sent = send('GET');
  expect(events).toEqual(['start GET']);
  await sent;
  expect(events).toEqual(['start GET', 'end GET']);
});

it('sees the end of a call before its callback runs, so that the time of the callback does not count', async () => {
  await new Promise<void>((resolve) => {
    const callback = () => {
      events.push('callback');
      resolve();
    };
    commands.traceCallback((done: () => void) => setImmediate(done), 0, { operation: 'GET' }, null, callback);
  });
  expect(events).toEqual(['start GET', 'end GET', 'callback']);
});

it('ends a call once that is rejected, with the code of its error', async () => {
  const failure = Object.assign(new Error('secret'), { code: 'ECONNRESET' });
  await expect(commands.tracePromise(() => Promise.reject(failure), { operation: 'GET' })).rejects.toBe(failure);
  expect(events).toEqual(['start GET', 'end GET ECONNRESET']);
});

it('ends a call that the driver throws out of', () => {
  const fail = (..._given: unknown[]) => {
    throw new TypeError('secret');
  };
  expect(() => commands.tracePromise(fail, { operation: 'GET' })).toThrow('secret');
  expect(() => commands.traceCallback(fail, 0, { operation: 'SET' }, null, () => {})).toThrow('secret');
  expect(events).toEqual(['start GET', 'end GET TypeError', 'start SET', 'end SET TypeError']);
});

it('counts calls that are sent at the same time one by one', async () => {
  await Promise.all([send('GET'), send('SET'), send('GET')]);
  expect(events).toEqual(['start GET', 'start SET', 'start GET', 'end GET', 'end SET', 'end GET']);
});

it('counts a batch as one call, and not its commands again', async () => {
  await batches.tracePromise(() => Promise.all([send('SET'), send('GET')]), {});
  expect(events).toEqual(['start MULTI', 'end MULTI']);
});

it('counts commands that are sent while a batch waits for its answer', async () => {
  const batch = batches.tracePromise(() => later().then(later), {});
  await send('GET');
  await batch;
  expect(events).toEqual(['start MULTI', 'start GET', 'end GET', 'end MULTI']);
});

it('counts commands after a batch that the driver threw out of', async () => {
  const fail = () => {
    throw new TypeError('secret');
  };
  expect(() => batches.tracePromise(fail, {})).toThrow('secret');
  await send('GET');
  expect(events).toEqual(['start MULTI', 'end MULTI TypeError', 'start GET', 'end GET']);
});

it('counts a command that the callback of a batch sends at once', async () => {
  let sent: unknown;
  const callback = () => {
    sent = send('GET');
  };
  batches.traceCallback((done: () => void) => done(), 0, {}, null, callback);
  await sent;
  expect(events).toEqual(['start MULTI', 'end MULTI', 'start GET', 'end GET']);
});

type Done = (error?: unknown) => void;
const getConnection = (give: (done: Done) => void) =>
  new Promise<void>((resolve) => pools.traceCallback(give, 0, {}, null, () => resolve()));

it('counts a wait for a connection, and not a connection that a pool has at hand', async () => {
  await getConnection((done) => process.nextTick(done));
  await getConnection((done) => done());
  await getConnection((done) => done(new Error('the queue is full')));
  expect(events).toEqual([]);
  await getConnection((done) => setImmediate(done));
  expect(events).toEqual(['start connect', 'end connect']);
});

it('runs the callback of a call in the context in which the call was made', async () => {
  const contexts = new AsyncLocalStorage<string>();
  const stop = driver.watch({ sink, isIgnored: () => false, withDetails: false, contexts });
  const call = () =>
    new Promise<string | undefined>((resolve) => {
      // As a pool does, whose connection another request gives back.
      const answer = (done: () => void) => contexts.run('another request', () => setImmediate(done));
      commands.traceCallback(answer, 0, { operation: 'GET' }, null, () => resolve(contexts.getStore()));
    });
  expect(await contexts.run('its request', call)).toBe('its request');
  expect(await call()).toBe(undefined);
  stop();
  expect(await contexts.run('its request', call)).toBe('another request');
});

it('does not see calls whose driver gives no operation', async () => {
  await commands.tracePromise(later, {});
  expect(events).toEqual([]);
});

it('sees no more calls, and leaves no subscriber, when watching has ended', async () => {
  const end = createTracedDriver<Message>({
    name: 'another driver',
    system: 'redis',
    address: () => undefined,
    port: () => undefined,
    channels: { 'test-other:command': { operation: () => 'GET' } },
  }).watch({ sink, isIgnored: () => false, withDetails: false });
  const other = tracingChannel('test-other:command');
  await other.tracePromise(later, {});
  end();
  expect(other.start.hasSubscribers || other.asyncStart.hasSubscribers || other.error.hasSubscribers).toBe(false);
  await other.tracePromise(later, {});
  expect(events).toEqual(['start GET', 'end GET']);
});
