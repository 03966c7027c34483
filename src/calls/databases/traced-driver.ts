import type { AsyncLocalStorage } from 'node:async_hooks';
import { channel } from 'node:diagnostics_channel';
import { now } from '../../base/clock.ts';
import { guard } from '../../base/guard.ts';
import { CALL, CallRecord, type CallSink } from '../call-record.ts';
import type { CallSource, CallSourceOptions } from '../call-source.ts';
import { watchChannels } from '../channels.ts';
import { databaseErrorType } from './error-type.ts';
import type { DatabaseSystem } from './system.ts';
import { DatabaseTargets } from './targets.ts';

/**
 * One tracing channel of a driver.
 * @property operation  the operation of a call; undefined for one that is not counted
 * @property hasParts   whether the driver publishes the parts of such a call as calls of their own while it starts it. They
 *                      are not counted: they are sent and answered together.
 * @property isWait     whether it is a wait for a connection of a pool. Where one is free, it is no call
 */
interface TracedChannel<Message> {
  operation(message: Message): string | undefined;
  readonly hasParts?: boolean;
  readonly isWait?: boolean;
}

/**
 * A driver that publishes its calls in tracing channels.
 * @property channels by the name that the driver gives to `tracingChannel`
 */
export interface TracedDriver<Message> {
  readonly name: string;
  readonly system: DatabaseSystem;
  address(message: Message): string | undefined;
  port(message: Message): number | string | undefined;
  readonly channels: Readonly<Record<string, TracedChannel<Message>>>;
}

/** Bound at load, because fake timers of an app replace it. */
const { nextTick } = process;

/** Where a message carries the context in which the call was made. It is one object in all events of a call. */
const CONTEXT = Symbol('@org/apm context');

/** What Node adds to a driver's message, and what we add. */
interface Traced {
  readonly error?: unknown;
  readonly result?: unknown;
  [CALL]?: CallRecord;
  [CONTEXT]?: unknown;
}

/** The name of the channel of one event, as Node composes it. */
const eventChannel = (channel: string, event: string) => `tracing:${channel}:${event}`;

export function createTracedDriver<Message>(driver: TracedDriver<Message>): CallSource {
  return {
    name: driver.name,
    watch(options) {
      const calls = new TracedCalls(driver, options);
      const ends = Object.entries(driver.channels).map(([name, channel]) => calls.watch(name, channel));
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

class TracedCalls<Message> {
  readonly #driver: TracedDriver<Message>;
  /** For the log: what fails. */
  readonly #action: string;
  readonly #sink: CallSink;
  readonly #contexts: AsyncLocalStorage<unknown> | undefined;
  readonly #targets: DatabaseTargets;
  /** The call that the driver is starting, if it has parts. */
  #starting: CallRecord | undefined;

  constructor(driver: TracedDriver<Message>, { sink, withDetails, contexts }: CallSourceOptions) {
    this.#driver = driver;
    this.#action = `see the calls of ${driver.name}`;
    this.#sink = sink;
    this.#contexts = contexts;
    this.#targets = new DatabaseTargets(driver.system, withDetails);
  }

  watch(name: string, channel: TracedChannel<Message>): () => void {
    const onEnd = (message: Traced) => this.#onEnd(message);
    const unsubscribe = watchChannels<Message & Traced>(this.#action, {
      [eventChannel(name, 'start')]: (message) => this.#onStart(message, channel),
      // Before the callback of the app runs, so that its time does not count. `asyncEnd` comes after it.
      [eventChannel(name, 'asyncStart')]: onEnd,
      // Where the driver throws at once, this is the only event.
      [eventChannel(name, 'error')]: onEnd,
      ...(channel.hasParts && { [eventChannel(name, 'end')]: (message: Traced) => this.#onStarted(message) }),
    });
    const unbind = this.#contexts && bindCallbacks(name, this.#contexts);
    return () => {
      unsubscribe();
      unbind?.();
    };
  }

  #onStart(message: Message & Traced, channel: TracedChannel<Message>): void {
    if (this.#contexts !== undefined) message[CONTEXT] = this.#contexts.getStore();
    if (channel.isWait) this.#startLater(message, channel);
    else this.#start(message, channel);
  }

  /** A pool gives a free connection in the next tick. The call starts in the tick after that, if it is still open. */
  #startLater(message: Message & Traced, channel: TracedChannel<Message>): void {
    const at = now();
    const startIfOpen = () => {
      if (!('result' in message || 'error' in message)) this.#start(message, channel, at);
    };
    nextTick(() => nextTick(() => guard(this.#action, startIfOpen)));
  }

  #start(message: Message & Traced, { operation: operationOf, hasParts }: TracedChannel<Message>, at = now()): void {
    // A callback of the app may run before the driver has started the next call. By then this one has ended.
    if (this.#starting?.isOpen) return;
    const operation = operationOf(message);
    if (operation === undefined) return;
    const driver = this.#driver;
    const target = this.#targets.find(driver.address(message), driver.port(message), operation);
    const call = new CallRecord(target, this.#sink, at);
    message[CALL] = call;
    if (hasParts) this.#starting = call;
  }

  #onStarted(message: Traced): void {
    if (message[CALL] === this.#starting) this.#starting = undefined;
  }

  #onEnd(message: Traced): void {
    const call = message[CALL];
    if (call === undefined) return;
    const { error } = message;
    call.end(this.#sink, undefined, error === undefined || error === null ? undefined : databaseErrorType(error));
  }
}

/**
 * Lets the callback of each call run in the context in which the call was made. Drivers run it in the context in which their
 * connection was opened, or given back by another request.
 * @returns ends it
 */
function bindCallbacks(name: string, contexts: AsyncLocalStorage<unknown>): () => void {
  const callbacks = channel(eventChannel(name, 'asyncStart'));
  callbacks.bindStore(contexts, (message) => {
    const traced = message as Traced;
    // A call that was made before it was watched has none.
    return CONTEXT in traced ? traced[CONTEXT] : contexts.getStore();
  });
  return () => void callbacks.unbindStore(contexts);
}
