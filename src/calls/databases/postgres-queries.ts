import { now } from '../../base/clock.ts';
import { reportFailure } from '../../base/guard.ts';
import { bindCallback } from '../bind-callback.ts';
import type { CallRecord } from '../call-record.ts';
import type { CallSourceOptions } from '../call-source.ts';
import { DatabaseCalls } from './database-calls.ts';
import { sqlOperation } from './operation.ts';
import { type Method, Patches } from './patches.ts';
import { answeringServer, type PostgresServer, unreachableServer } from './postgres-server.ts';

type Settle = (value: unknown) => unknown;

/**
 * A query of Postgres.js: a promise whose `handle` begins it when it is first awaited.
 * @property canceller  one function for each `postgres()`; none in queries of Postgres.js itself
 * @property resolve    how its connection ends it; a cursor sets it anew for each batch of rows
 */
interface Query {
  readonly strings: readonly unknown[];
  readonly args: readonly unknown[];
  readonly canceller: object | null | undefined;
  readonly executed: boolean;
  resolve: Settle;
  reject: Settle;
  forEachFn?: unknown;
  cursorFn?: unknown;
  [WATCHED]?: Watched;
}

interface Watched {
  readonly call: CallRecord;
  readonly canceller: object;
  readonly server: PostgresServer | undefined;
  readonly hasText: boolean;
  resolve: Settle | undefined;
  reject: Settle | undefined;
}

const WATCHED = Symbol('@org/apm call');

/** A call is one query, with the wait for a connection. */
export class PostgresQueries {
  readonly #calls: DatabaseCalls;
  readonly #contexts: CallSourceOptions['contexts'];
  readonly #patches = new Patches();
  /** The server that answered last, by canceller: a query does not lead to the options of its `postgres()`. */
  readonly #servers = new WeakMap<object, PostgresServer>();

  constructor(options: CallSourceOptions) {
    this.#calls = new DatabaseCalls('postgres', 'postgresql', options);
    this.#contexts = options.contexts;
  }

  patch(exports: unknown): void {
    const { Query } = exports as { Query?: { prototype?: object } };
    this.#patches.add(Query?.prototype, 'handle', (original, self, args) => {
      this.#onHandle(self as Query);
      return Reflect.apply(original, self, args);
    });
  }

  stop(): void {
    this.#patches.restore();
  }

  #onHandle(query: Query): void {
    try {
      const watched = query[WATCHED] ?? this.#start(query);
      if (!watched?.call.isOpen) return;
      if (query.resolve !== watched.resolve) {
        watched.resolve = this.#endWith(watched, query, query.resolve, () => undefined);
        query.resolve = watched.resolve;
      }
      if (query.reject !== watched.reject) {
        watched.reject = this.#endWith(watched, query, query.reject, (error) => error);
        query.reject = watched.reject;
      }
    } catch (cause) {
      reportFailure('see a query of postgres', cause);
    }
  }

  #start(query: Query): Watched | undefined {
    const { canceller } = query;
    if (query.executed || typeof canceller !== 'function' || !tellsEnd(query)) return undefined;
    const server = this.#servers.get(canceller);
    const text = textOf(query);
    const call = this.#calls.start(server, sqlOperation(text), now());
    if (call === undefined) return undefined;
    // It calls back in the context of the request that opened the connection.
    for (const name of ['forEachFn', 'cursorFn'] as const) {
      const callback = query[name];
      if (typeof callback === 'function') query[name] = bindCallback(this.#contexts, callback as Method);
    }
    const watched: Watched = {
      call,
      canceller,
      server,
      hasText: text !== undefined,
      resolve: undefined,
      reject: undefined,
    };
    query[WATCHED] = watched;
    return watched;
  }

  #endWith(watched: Watched, query: Query, settle: Settle, errorOf: Settle): Settle {
    return (value) => {
      const error = errorOf(value);
      if (watched.call.isOpen) {
        this.#setServer(watched, query, error);
        this.#calls.end(watched.call, error);
      }
      return settle(value);
    };
  }

  /** The first queries are sent before the server is known, and with a list of hosts another one may have answered. */
  #setServer({ call, canceller, server, hasText }: Watched, query: Query, error: unknown): void {
    try {
      const answering = answeringServer();
      const actual = answering ?? server ?? this.#servers.get(canceller) ?? unreachableServer(error);
      const isAsStarted = actual?.host === server?.host && actual?.port === server?.port;
      // The text of a file is known once it is read.
      if (isAsStarted && hasText) return;
      if (answering) this.#servers.set(canceller, answering);
      call.target = this.#calls.targets.find(actual?.host, actual?.port, sqlOperation(textOf(query)));
    } catch (cause) {
      reportFailure('see the server of a query of postgres', cause);
    }
  }
}

/** Whether the internals of a query are those that are known here. Otherwise its end would not be seen. */
const tellsEnd = ({ strings, args, resolve, reject }: Query): boolean =>
  [strings, args].every(Array.isArray) && [resolve, reject].every((settle) => typeof settle === 'function');

/** The first part of the text. It may be another query that is put in there. */
function textOf({ strings, args }: Pick<Query, 'strings' | 'args'>): unknown {
  const [first] = strings;
  const inserted = args[0] as Query | undefined;
  const isInserted = typeof first === 'string' && first.trim() === '' && Array.isArray(inserted?.strings);
  return isInserted ? textOf(inserted as Query) : first;
}
