import { log, setLogLevel } from '../base/log.ts';
import { suggest } from './did-you-mean.ts';
import {
  describeBadEntries,
  describeInvalidValue,
  describeUnitMistake,
  type InvalidSetting,
} from './invalid-setting.ts';
import { isListParser, splitList } from './lists.ts';
import type { Parser, Variable } from './variable.ts';
import { type Config, type ConfigKey, VARIABLES } from './variables.ts';

/** Options in code: for each variable its value, or its text. A certificate or key is the name of its file. */
export type ConfigOptions = {
  readonly [K in ConfigKey]?: Config[K] extends Buffer | undefined ? string : Config[K];
};

/**
 * Reads the configuration. Few other places read the environment: the preload asks for `APM_FRAMEWORKS` when a Fastify
 * instance is created before, a default may depend on the app (`default-port.ts`), and `proxy.ts` has variables that are
 * not ours. A value that is not valid never throws: one warning has
 * its name, what was expected, what was given, and what is used instead. A list loses only its bad entries.
 * @param options   options in code; they win over the environment, and are checked by the same rows
 * @param fallbacks win over the fallbacks of the rows
 */
export function loadConfig(
  options: ConfigOptions = {},
  fallbacks: Partial<Config> = {},
  env: NodeJS.ProcessEnv = process.env,
): Config {
  const invalid: InvalidSetting[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, row] of Object.entries(VARIABLES) as [ConfigKey, Variable<unknown>][]) {
    const option = options[key] ?? undefined;
    const name = option === undefined ? row.variable : `setupApm({ ${key} })`;
    const given = option === undefined ? readVariable(row, options, env) : option;
    const fallback = key in fallbacks ? fallbacks[key] : row.fallback;
    const text = toText(given);
    if (text === '') {
      config[key] = fallback;
      continue;
    }
    const { value, entries, bad } = parseGiven(row.parse, given);
    config[key] = value ?? row.whenInvalid?.parse(text) ?? fallback;
    if (value === undefined) {
      const fallbackText = key in fallbacks ? undefined : (row.usedInstead?.(config) ?? row.fallbackText);
      invalid.push(describeInvalidValue(name, row, text, fallbackText ?? String(fallback)));
      continue;
    }
    if (bad.length > 0) invalid.push(describeBadEntries(name, row, entries, bad));
    const mistake = row.findMistake?.(value);
    if (mistake !== undefined) invalid.push(describeUnitMistake(name, text, mistake));
  }
  setLogLevel(config.logLevel as Config['logLevel']);
  for (const { line, publicLine } of invalid) log.warn(line, 'setting', publicLine);
  for (const line of misspeltVariables(env)) log.warn(line, 'setting');
  return Object.freeze(config) as Config;
}

/** @returns the value, undefined where nothing is valid; of a list also its entries, and the indexes of the bad ones */
function parseGiven(parse: Parser<unknown>, given: unknown) {
  if (!isListParser(parse)) return { value: parse(toText(given)), entries: [], bad: [] };
  const entries = toEntries(given);
  return { entries, ...parse.parseEntries(entries) };
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
  return isObject(value) ? toEntries(value).join(',') : String(value).trim();
}

/** The entries of a list: of an array, the pairs of an object, or of a text. An entry of an array may contain commas. */
function toEntries(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(toText).filter((entry) => entry !== '');
  if (!isObject(value)) return splitList(toText(value));
  return Object.entries(value).map(([key, item]) => `${encode(key)}=${encode(toText(item))}`);
}

const isObject = (value: unknown): value is object => value !== null && typeof value === 'object';

/** Like `encodeURIComponent`, which throws at a lone surrogate, because that has no UTF-8. */
const encode = (part: string): string => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd'));

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
