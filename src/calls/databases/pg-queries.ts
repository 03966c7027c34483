import type { AsyncLocalStorage } from 'node:async_hooks';
import { now } from '../../base/clock.ts';
import { reportFailure } from '../../base/guard.ts';
import { bindCallback } from '../bind-callback.ts';
import { CALL, type CallRecord } from '../call-record.ts';
import type { CallSourceOptions } from '../call-source.ts';
import { type DatabaseAddress, DatabaseCalls } from './database-calls.ts';
import { sqlOperation } from './operation.ts';
import type { Around, Method, Patches } from './patches.ts';
import { publishedQueries } from './pg-channels.ts';

/** A connection, with the queries that wait for it. The names without `_` are those before 8.17, and warn after it. */
interface Client extends DatabaseAddress {
  readonly _queryQueue?: Query[];
  readonly queryQueue?: Query[];
  readonly _sentQueryQueue?: Query[];
  readonly _activeQuery?: Query | null;
  readonly activeQuery?: Query | null;
}

/** A query, a cursor, a stream of rows or anything else that has pg's interface of a query. */
interface Query {
  readonly text?: unknown;
  readonly cursor?: { readonly text?: unknown };
  readonly handleError?: unknown;
  readonly handleReadyForQuery?: unknown;
  [CALL]?: CallRecord | undefined;
}

const UNKNOWN_ERROR = {};

/** A call is one query, from `client.query()` to its end, with the wait for queries before it on the same connection. */
export class PgQueries {
  readonly #calls: DatabaseCalls;
  readonly #contexts: CallSourceOptions['contexts'];
  readonly #patches: Patches;
  readonly #patchedKinds = new WeakSet<object>();

  constructor(options: CallSourceOptions, patches: Patches) {
    this.#calls = new DatabaseCalls('pg', 'postgresql', options);
    this.#contexts = options.contexts;
    this.#patches = patches;
  }

  patch(exports: unknown): void {
    const { prototype } = exports as { prototype?: object };
    this.#patches.add(prototype, 'query', (original, client, args) => {
      const published = publishedQueries();
      const at = now();
      const result = Reflect.apply(
        original,
        client,
        this.#contexts === undefined ? args : args.map(this.#bindCallback),
      );
      if (publishedQueries() === published) this.#onQuery(client, at, args[0]);
      return result;
    });
  }

  /** @param config what the app passed: a text, an object with it, or a query that the app created */
  #onQuery(client: Client, at: number, config: unknown): void {
    try {
      const query = newestQuery(client);
      // Where the client is closed, it has not queued the query, and the newest is another one.
      if (!tellsEnd(query) || CALL in query) return;
      query[CALL] = this.#calls.start(client, sqlOperation(query.text ?? query.cursor?.text), at);
      this.#watchEnds(query);
      if (this.#contexts !== undefined && isAnswered(config)) bindAnswers(query, this.#contexts);
    } catch (cause) {
      reportFailure('see a query of pg', cause);
    }
  }

  /** By one of two methods of a query, the client tells how it ended. The call ends before the app is told. */
  #watchEnds(query: Query): void {
    const kind = Object.getPrototypeOf(query) as object;
    // Streams of rows have methods of their own, bound to their cursor.
    const hasOwn = Object.hasOwn(query, 'handleError');
    if (!hasOwn && this.#patchedKinds.has(kind)) return;
    for (const [name, around] of Object.entries(this.#ends)) {
      const methods = query as Record<string, Method>;
      if (hasOwn) methods[name] = this.#patches.wrap(methods[name] as Method, around);
      else this.#patches.add(kind, name, around);
    }
    if (!hasOwn) this.#patchedKinds.add(kind);
  }

  readonly #ends: Readonly<Record<string, Around>> = {
    handleError: (original, query: Query, args) => {
      this.#calls.end(query[CALL], args[0] ?? UNKNOWN_ERROR);
      return Reflect.apply(original, query, args);
    },
    handleReadyForQuery: (original, query: Query, args) => {
      this.#calls.end(query[CALL]);
      return Reflect.apply(original, query, args);
    },
  };

  /** pg calls back in the context of the request that opened the connection. */
  #bindCallback = (argument: unknown): unknown =>
    typeof argument === 'function' ? bindCallback(this.#contexts, argument as Method) : argument;
}

/** Whether the app is called back by the query itself: a cursor, a stream of rows, a query with events or with a callback. */
function isAnswered(config: unknown): boolean {
  const { submit, callback } = Object(config) as { submit?: unknown; callback?: unknown };
  return typeof submit === 'function' || typeof callback === 'function';
}

/** The methods by which the client passes an answer to a query, which calls the app from there. */
const ANSWERS = [
  'handleRowDescription',
  'handleDataRow',
  'handlePortalSuspended',
  'handleEmptyQuery',
  'handleCommandComplete',
  'handleReadyForQuery',
  'handleError',
];

/** The client answers in the context of the request that opened the connection. */
function bindAnswers(query: Query, contexts: AsyncLocalStorage<unknown>): void {
  const methods = query as Record<string, unknown>;
  for (const name of ANSWERS) {
    const method = methods[name];
    if (typeof method === 'function') methods[name] = bindCallback(contexts, method as Method);
  }
}

/** The query that the client has queued last. */
function newestQuery(client: Client): Query | null | undefined {
  const isNew = '_queryQueue' in client;
  const queue = isNew ? client._queryQueue : client.queryQueue;
  return last(queue) ?? last(client._sentQueryQueue) ?? (isNew ? client._activeQuery : client.activeQuery);
}

/** A pg with other internals may keep its queries in another way. */
const last = (queue: unknown): Query | undefined => (Array.isArray(queue) ? queue.at(-1) : undefined);

/** Whether its end will be seen. Otherwise it must not begin. */
const tellsEnd = (query: Query | null | undefined): query is Query =>
  typeof query?.handleError === 'function' && typeof query.handleReadyForQuery === 'function';
