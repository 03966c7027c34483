import { now } from '../../base/clock.ts';
import { guard } from '../../base/guard.ts';
import { bindCallback } from '../bind-callback.ts';
import type { CallRecord } from '../call-record.ts';
import type { CallSourceOptions } from '../call-source.ts';
import { type DatabaseAddress, DatabaseCalls } from './database-calls.ts';
import { CONNECT } from './operation.ts';
import type { Method, Patches } from './patches.ts';

interface Pool {
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly ending?: boolean;
  readonly _clients?: readonly DatabaseAddress[];
}

/**
 * A call is a wait for a connection: of a pool that has none free, or a client that connects on its own. A pool that has a
 * free connection gives it at once, which is no call.
 */
export class PgConnections {
  readonly #calls: DatabaseCalls;
  readonly #contexts: CallSourceOptions['contexts'];
  readonly #patches: Patches;
  /** A pool is connecting a new client. The wait for it is that of the pool. */
  #isInPool = false;

  constructor(options: CallSourceOptions, patches: Patches) {
    this.#calls = new DatabaseCalls('pg', 'postgresql', options);
    this.#contexts = options.contexts;
    this.#patches = patches;
  }

  patchClient(exports: unknown): void {
    const { prototype } = exports as { prototype?: object };
    this.#patches.add(prototype, 'connect', (original, client, args) =>
      this.#isInPool ? Reflect.apply(original, client, args) : this.#connect(original, client, args, () => client),
    );
  }

  patchPool(pool: unknown): void {
    const { prototype } = (pool ?? {}) as { prototype?: object };
    const isPool = this.#patches.add(prototype, 'newClient', (original, pool, args) => {
      const wasInPool = this.#isInPool;
      this.#isInPool = true;
      try {
        return Reflect.apply(original, pool, args);
      } finally {
        this.#isInPool = wasInPool;
      }
    });
    if (!isPool) return;
    this.#patches.add(prototype, 'connect', (original, self, args) => {
      const pool = self as Pool;
      // Where it waits, it has a client by then: it began to connect one, or it is full.
      return waits(pool)
        ? this.#connect(original, pool, args, () => pool._clients?.[0])
        : Reflect.apply(original, pool, args);
    });
  }

  /** Of a client or of a pool: with a callback, else with a promise. */
  #connect(original: Method, self: object, args: unknown[], clientOf: () => DatabaseAddress | undefined): unknown {
    let call: CallRecord | undefined;
    const at = now();
    const start = () => {
      call = this.#calls.start(clientOf(), CONNECT, at);
    };
    const [callback] = args as [Method | undefined];
    if (typeof callback === 'function') {
      // A pool calls back in the context of the request that has given its connection back.
      const bound = bindCallback(this.#contexts, callback);
      let isConnected = false;
      const onConnect: Method = (...answer) => {
        isConnected = true;
        this.#calls.end(call, answer[0]);
        return Reflect.apply(bound, undefined, answer);
      };
      const result = Reflect.apply(original, self, [onConnect, ...args.slice(1)]);
      // A client of the app's own, as in tests, may call back at once. Then nothing was waited for.
      if (!isConnected) start();
      return result;
    }
    const answer = Reflect.apply(original, self, args) as Promise<unknown> | undefined;
    if (typeof answer?.then !== 'function') return answer;
    start();
    // Another promise, so that Node still reports a rejection that the app does not handle.
    return answer.then(
      (value) => {
        this.#calls.end(call);
        return value;
      },
      (error) => {
        this.#calls.end(call, error);
        throw error;
      },
    );
  }
}

/** Whether a pool has no free connection to give. */
const waits = (pool: Pool): boolean =>
  guard('see the state of a pool of pg', () => !pool.ending && !(pool.idleCount > pool.waitingCount)) ?? false;
