import type { Config } from './variables.ts';

/** Options of `setupApm` for outgoing calls. */
export interface OutgoingCallOptions {
  /**
   * Whether outgoing calls are measured, as `http_client_duration` and `db_client_duration`.
   *
   * Expected: true or false; otherwise the default is used.
   * Variable: `APM_OUTGOING`.
   * @defaultValue `true`
   */
  readonly outgoing?: Config['outgoing'];
  /**
   * Whether calls of databases and caches are measured, as `db_client_duration`. It needs `outgoing`.
   *
   * Expected: true or false; otherwise the default is used.
   * Variable: `APM_DATABASES`.
   * @defaultValue `true`
   */
  readonly databases?: Config['databases'];
  /**
   * Whether each outgoing call is known by the request that made it, for `http_time_spent_seconds_total`; `auto` is `true`
   * on Node 24 and later, where it costs little. On Node 20 and 22, `true` costs about 2 microseconds for each request.
   *
   * Expected: auto, true or false; otherwise the default is used.
   * Variable: `APM_CONTEXT`.
   * @defaultValue `auto`
   */
  readonly context?: Config['context'];
  /**
   * Longer requests have `slow="true"` in `http_time_spent_seconds_total`, in seconds.
   *
   * Expected: a number of seconds greater than 0; otherwise the default is used.
   * Variable: `APM_SLOW`.
   * @defaultValue `0.5`
   */
  readonly slow?: Config['slow'];
}
