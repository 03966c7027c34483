import { log, setLogLevel } from '../base/log.ts';
import { suggest } from './did-you-mean.ts';
import type { Variable } from './variable.ts';
import { type Config, type ConfigKey, VARIABLES } from './variables.ts';

/** Options in code: for each variable its value, or its text. A certificate or key is the name of its file. */
export type ConfigOptions = {
  readonly [K in ConfigKey]?: Config[K] extends Buffer | undefined ? string : Config[K];
};

interface InvalidValue {
  /** The line to log. */
  readonly line: string;
  /** The same without the value that was given: no value of the environment leaves the process. */
  readonly publicLine: string;
}

/**
 * Reads the configuration. Nothing else reads the environment, except that the preload asks
 * for `APM_FRAMEWORKS` when a Fastify instance is created before. A value that is not valid never throws: one warning has
 * its name, what was expected, what was given, and what is used instead.
 * @param options   options in code; they win over the environment, and are checked by the same rows
 * @param fallbacks win over the fallbacks of the rows
 */
export function loadConfig(
  options: ConfigOptions = {},
  fallbacks: Partial<Config> = {},
  env: NodeJS.ProcessEnv = process.env,
): Config {
  const invalid: InvalidValue[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, row] of Object.entries(VARIABLES) as [ConfigKey, Variable<unknown>][]) {
    const option = options[key] ?? undefined;
    const name = option === undefined ? row.variable : `setupApm({ ${key} })`;
    const given = option === undefined ? readVariable(row, options, env) : toText(option);
    const fallback = key in fallbacks ? fallbacks[key] : row.fallback;
    const value = given === '' ? fallback : row.parse(given);
    const isInvalid = given !== '' && value === undefined;
    config[key] = isInvalid ? (row.whenInvalid?.parse(given) ?? fallback) : value;
    if (isInvalid) {
      const fallbackText = key in fallbacks ? String(fallback) : (row.fallbackText ?? String(fallback));
      invalid.push(describeInvalid(name, row, given, fallbackText));
    }
  }
  setLogLevel(config.logLevel as Config['logLevel']);
  for (const { line, publicLine } of invalid) log.warn(line, 'setting', publicLine);
  for (const line of misspeltVariables(env)) log.warn(line, 'setting');
  return Object.freeze(config) as Config;
}

/** The text of a variable; empty where it is unset, or where an option in code replaces it. */
function readVariable({ variable, replacedBy }: Variable<unknown>, options: ConfigOptions, env: NodeJS.ProcessEnv) {
  const replacement = replacedBy === undefined ? undefined : options[replacedBy as ConfigKey];
  if (replacement !== undefined && replacement !== null && toText(replacement) !== '') return '';
  // An empty variable counts as unset: OpenTelemetry's specification says so.
  return (env[variable] ?? '').trim();
}

/** An option as the text of its variable. Never throws, whatever the value is. */
function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join(',');
  if (value === null || typeof value !== 'object') return String(value).trim();
  return Object.entries(value)
    .map(([key, item]) => `${encode(key)}=${encode(toText(item))}`)
    .join(',');
}

/** Like `encodeURIComponent`, which throws at a lone surrogate, because that has no UTF-8. */
const encode = (part: string): string => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd'));

function describeInvalid(name: string, row: Variable<unknown>, given: string, fallbackText: string): InvalidValue {
  const value = row.secret ? 'a value that is not shown' : quote(given);
  const consequence = row.whenInvalid?.text ?? `${fallbackText} is used instead`;
  return {
    line: `${name}: expected ${row.expected}, given ${value}; ${consequence}`,
    publicLine: `${name}: expected ${row.expected}; ${consequence}`,
  };
}

const MAX_QUOTED_CHARS = 80;

/** Quotes a value for one line: shortened, and without the user, password and query that a URL may have, valid or not. */
function quote(given: string): string {
  const text = given.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1...@').replace(/[?#].*/s, '?...');
  return JSON.stringify(text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}...` : text);
}

/** A warning for each unknown variable that starts like ours: such a setting would silently have no effect. */
function misspeltVariables(env: NodeJS.ProcessEnv): string[] {
  const known = Object.values(VARIABLES).map((row) => row.variable);
  return Object.keys(env)
    .filter((name) => name.startsWith('APM_') && !known.includes(name))
    .flatMap((name) => {
      // A typing error, else a variable with the same last word (APM_TOKEN), else the most similar one.
      const lastWord = name.slice(name.lastIndexOf('_'));
      const meant = suggest(name, known, 2) ?? known.find((each) => each.endsWith(lastWord)) ?? suggest(name, known);
      return meant === undefined ? [] : [`${name}: there is no such variable; did you mean ${meant}?`];
    });
}
