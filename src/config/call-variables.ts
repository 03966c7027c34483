import * as parse from './parsers.ts';
import { findMillisecondsOfNumber } from './unit-mistake.ts';
import { withDefault } from './variable.ts';

/** Of outgoing calls. */
export const calls = {
  outgoing: withDefault({
    variable: 'APM_OUTGOING',
    expected: 'true or false',
    parse: parse.boolean,
    fallback: true,
    meaning: 'Whether outgoing calls are measured, as `http_client_duration` and `db_client_duration`.',
  }),
  databases: withDefault({
    variable: 'APM_DATABASES',
    expected: 'true or false',
    parse: parse.boolean,
    fallback: true,
    meaning: 'Whether calls of databases and caches are measured, as `db_client_duration`.',
  }),
  context: withDefault({
    variable: 'APM_CONTEXT',
    expected: 'auto, true or false',
    parse: parse.booleanOrAuto,
    fallback: 'auto' as boolean | 'auto',
    meaning:
      'Whether each outgoing call is known by the request that made it, for `http_time_spent_seconds_total`; `auto` is `true` on Node 24 and later, where it costs little.',
  }),
  slow: withDefault({
    variable: 'APM_SLOW',
    expected: 'a number of seconds greater than 0',
    parse: parse.seconds,
    fallback: 0.5,
    findMistake: findMillisecondsOfNumber,
    meaning: 'Longer requests have `slow="true"` in `http_time_spent_seconds_total`, in seconds.',
  }),
};
