import { log, setLogLevel } from '../base/log.ts';
import { nearest } from './did-you-mean.ts';
import type { Variable } from './variable.ts';
import { type Config, type ConfigKey, VARIABLES } from './variables.ts';

/** What may be given in code: an option for each variable, in its natural shape or as the variable's text. */
export type ConfigOptions = { readonly [K in ConfigKey]?: Config[K] };

/** An option as its variable's text. Never throws, whatever it is given. */
function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(',');
  if (value === null || typeof value !== 'object') return String(value).trim();
  return Object.entries(value)
    .map(([key, item]) => `${encode(key)}=${encode(text(item))}`)
    .join(',');
}

/** `encodeURIComponent` throws at a lone surrogate, which has no UTF-8. */
const encode = (part: string): string => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd'));

/** Short enough for a line, and without what a URL may have of secrets, wellformed or not: user, password and query. */
function shown(given: string): string {
  const open = given.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1...@').replace(/[?#].*/s, '?...');
  return JSON.stringify(open.length > 80 ? `${open.slice(0, 80)}...` : open);
}

/** One line to log, and the same without what was given: nothing of the environment leaves the process. */
function warning(name: string, row: Variable<unknown>, given: string, fallback: unknown): [string, string] {
  const value = row.secret ? 'a value that is not shown' : shown(given);
  const instead = `${row.instead?.shown ?? `${fallback} is used`} instead`;
  return [
    `${name}: expected ${row.expected}, given ${value}; ${instead}`,
    `${name}: expected ${row.expected}; ${instead}`,
  ];
}

/**
 * Reads the configuration. A bad value never throws: one line says the name, what was expected, what was given and what
 * is used instead. The only reader of the environment.
 * @param options   what was given in code; wins over the environment, and is checked by the same rows
 * @param fallbacks what takes the place of the rows' own fallbacks
 */
export function loadConfig(
  options: ConfigOptions = {},
  fallbacks: Partial<Config> = {},
  env: NodeJS.ProcessEnv = process.env,
): Config {
  const warnings: [line: string, shared?: string][] = [];
  const config: Record<string, unknown> = {};
  for (const [key, row] of Object.entries(VARIABLES) as [ConfigKey, Variable<unknown>][]) {
    const option = options[key] ?? undefined;
    const name = option === undefined ? row.variable : `setupApm({ ${key} })`;
    // An empty variable counts as unset, as the OpenTelemetry specification has it.
    const given = option === undefined ? (env[row.variable] ?? '').trim() : text(option);
    const fallback = key in fallbacks ? fallbacks[key] : row.fallback;
    const value = given === '' ? fallback : row.parse(given);
    const bad = given !== '' && value === undefined;
    if (bad) warnings.push(warning(name, row, given, key in fallbacks ? fallback : (row.shown ?? fallback)));
    config[key] = bad ? (row.instead?.value ?? fallback) : value;
  }
  setLogLevel(config.logLevel as Config['logLevel']);
  warnings.push(...misspelt(env).map((line): [string] => [line]));
  for (const [line, shared] of warnings) log.warn(line, 'setting', shared);
  return Object.freeze(config) as Config;
}

/** Names the variables that look like ours and are not: a setting that silently does nothing is worse than a wrong one. */
function misspelt(env: NodeJS.ProcessEnv): string[] {
  const known = Object.values(VARIABLES).map((row) => row.variable);
  return Object.keys(env)
    .filter((name) => name.startsWith('APM_') && !known.includes(name))
    .flatMap((name) => {
      // A slip, else another word for the same thing (APM_TOKEN), else whatever is like it.
      const ending = name.slice(name.lastIndexOf('_'));
      const real = nearest(name, known, 2) ?? known.find((each) => each.endsWith(ending)) ?? nearest(name, known);
      return real === undefined ? [] : [`${name}: there is no such variable; did you mean ${real}?`];
    });
}
