import { log, setLogLevel } from './log.ts';
import { nearest } from './nearest.ts';
import { type Config, type ConfigKey, VARIABLES, type Variable } from './variables.ts';

/** What may be given in code: an option for each variable, in its natural shape or as the variable's text. */
export type ConfigOptions = { readonly [K in ConfigKey]?: Config[K] };

const text = (value: unknown): string =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.entries(value)
        .map(([key, item]) => `${key}=${encodeURIComponent(String(item))}`)
        .join(',')
    : String(value).trim();

const shorten = (given: string): string => (given.length > 80 ? `${given.slice(0, 80)}...` : given);

function warning(name: string, row: Variable<unknown>, given: string): string {
  const used = row.instead?.shown ?? `${row.shown ?? row.fallback} is used`;
  const value = row.secret ? 'a value that is not shown' : JSON.stringify(shorten(given));
  return `${name}: expected ${row.expected}, given ${value}; ${used} instead`;
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
  const warnings: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, row] of Object.entries(VARIABLES) as [ConfigKey, Variable<unknown>][]) {
    const option = options[key];
    const name = option === undefined ? row.variable : `setupApm({ ${key} })`;
    // An empty variable counts as unset, as the OpenTelemetry specification has it.
    const given = option === undefined ? (env[row.variable] ?? '').trim() : text(option);
    const fallback = key in fallbacks ? fallbacks[key] : row.fallback;
    const value = given === '' ? fallback : row.parse(given);
    const bad = given !== '' && value === undefined;
    if (bad) warnings.push(warning(name, row, given));
    config[key] = bad ? (row.instead?.value ?? fallback) : value;
  }
  setLogLevel(config.logLevel as Config['logLevel']);
  for (const line of warnings.concat(misspelt(env))) log.warn(line);
  return Object.freeze(config) as Config;
}

/** Names the variables that look like ours and are not: a setting that silently does nothing is worse than a wrong one. */
function misspelt(env: NodeJS.ProcessEnv): string[] {
  const known = Object.values(VARIABLES).map((row) => row.variable);
  return Object.keys(env)
    .filter((name) => name.startsWith('APM_') && !known.includes(name))
    .flatMap((name) => {
      const real = nearest(name, known);
      return real === undefined ? [] : [`${name}: there is no such variable; did you mean ${real}?`];
    });
}
