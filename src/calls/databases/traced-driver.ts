import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { reportFailure } from '../../base/guard.ts';
import { CallRecord, type CallSink } from '../call-record.ts';
import type { CallSource, CallSourceOptions } from '../call-source.ts';
import { databaseErrorType } from './error-type.ts';
import type { DatabaseSystem } from './system.ts';
import { DatabaseTargets } from './targets.ts';

/**
 * One tracing channel of a driver.
 * @property operation  the operation of a call; undefined for one that is not counted
 * @property hasParts   whether the driver publishes the parts of such a call as calls of their own while it starts it. They
 *                      are not counted: they are sent and answered together.
 */
interface TracedChannel<Message> {
  operation(message: Message): string | undefined;
  readonly hasParts?: boolean;
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

/** Where a message carries its call. The message is one object in all events of a call. */
const CALL = Symbol('@org/apm call');

/** What Node adds to a driver's message, and what we add. */
interface Traced {
  readonly error?: unknown;
  [CALL]?: CallRecord;
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
  readonly #sink: CallSink;
  readonly #targets: DatabaseTargets;
  /** The call that the driver is starting, if it has parts. */
  #starting: CallRecord | undefined;

  constructor(driver: TracedDriver<Message>, { sink, withDetails }: CallSourceOptions) {
    this.#driver = driver;
    this.#sink = sink;
    this.#targets = new DatabaseTargets(driver.system, withDetails);
  }

  /** Subscribes by name, because Node drops a channel object that only its subscribers refer to. */
  watch(name: string, { operation, hasParts = false }: TracedChannel<Message>): () => void {
    const onEnd = (message: unknown) => this.#onEnd(message as Traced);
    const listeners: Record<string, (message: unknown) => void> = {
      start: (message) => this.#onStart(message as Message & Traced, operation, hasParts),
      // Before the callback of the app runs, so that its time does not count. `asyncEnd` comes after it.
      asyncStart: onEnd,
      // Where the driver throws at once, this is the only event.
      error: onEnd,
      ...(hasParts && { end: (message: unknown) => this.#onStarted(message as Traced) }),
    };
    for (const event in listeners) subscribe(eventChannel(name, event), listeners[event] as () => void);
    return () => {
      for (const event in listeners) unsubscribe(eventChannel(name, event), listeners[event] as () => void);
    };
  }

  #onStart(message: Message & Traced, operationOf: TracedChannel<Message>['operation'], hasParts: boolean): void {
    try {
      // A callback of the app may run before the driver has started the next call. By then this one has ended.
      if (this.#starting?.isOpen) return;
      const operation = operationOf(message);
      if (operation === undefined) return;
      const driver = this.#driver;
      const target = this.#targets.find(driver.address(message), driver.port(message), operation);
      const call = new CallRecord(target, this.#sink);
      message[CALL] = call;
      if (hasParts) this.#starting = call;
    } catch (cause) {
      reportFailure(`see the start of a call of ${this.#driver.name}`, cause);
    }
  }

  #onStarted(message: Traced): void {
    if (this.#starting !== undefined && message[CALL] === this.#starting) this.#starting = undefined;
  }

  #onEnd(message: Traced): void {
    try {
      const call = message[CALL];
      if (call === undefined) return;
      const { error } = message;
      call.end(this.#sink, undefined, error === undefined || error === null ? undefined : databaseErrorType(error));
    } catch (cause) {
      reportFailure(`see the end of a call of ${this.#driver.name}`, cause);
    }
  }
}
