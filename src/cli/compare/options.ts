import { parseArgs } from 'node:util';
import { timesAsValues } from '../command.ts';

export const FORMATS = ['table', 'markdown', 'json', 'html'] as const;
export type Format = (typeof FORMATS)[number];

/** What a pipeline stops at. `not-faster`: unless the service is faster at some percentile, and nothing is slower. */
export const FAIL_ON = ['slower', 'not-faster', 'never'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** Where the two sides come from. */
export type Wanted =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'periods'; readonly url: string; readonly before: string; readonly after: string }
  | {
      readonly kind: 'versions';
      readonly url: string;
      readonly versions: readonly [string, string];
      readonly since: string;
    }
  | { readonly kind: 'rounds'; readonly rounds: number; readonly a: string; readonly b: string; readonly load: string };

/** Which endpoints, and of which job; exact values. */
export interface Selectors {
  readonly job: string | undefined;
  readonly method: string | undefined;
  readonly path: string | undefined;
}

export interface CompareOptions {
  readonly wanted: Wanted;
  readonly selectors: Selectors;
  /** Seconds; one of the bounds. By default the one nearest to 0.5. */
  readonly objective: number | undefined;
  /** Of the intervals, between 0 and 1. */
  readonly confidence: number;
  readonly format: Format;
  /** A file; standard output where undefined. */
  readonly out: string | undefined;
  readonly failOn: FailOn;
}

const STRING = { type: 'string' } as const;
const OPTIONS = {
  prometheus: STRING,
  before: STRING,
  after: STRING,
  versions: STRING,
  since: STRING,
  rounds: STRING,
  a: STRING,
  b: STRING,
  load: STRING,
  job: STRING,
  method: STRING,
  path: STRING,
  objective: STRING,
  confidence: STRING,
  format: STRING,
  out: STRING,
  'fail-on': STRING,
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = Partial<Record<Exclude<keyof typeof OPTIONS, 'help'>, string>>;

/**
 * @returns undefined where the help is asked for
 * @throws an Error with one line where it is used wrongly
 */
export function compareOptions(args: string[]): CompareOptions | undefined {
  const { values, positionals } = parseArgs({ args: timesAsValues(args), options: OPTIONS, allowPositionals: true });
  if (values.help) return undefined;
  const given: Values = values;
  const { job, method, path, out } = given;
  if (out?.trim() === '') throw wrong('out', 'a file', out);
  return {
    wanted: wantedOf(given, positionals),
    selectors: { job, method, path },
    objective: number(given, 'objective', 'seconds greater than 0', undefined, (n) => n > 0),
    confidence: number(given, 'confidence', 'a number between 0.5 and 1', 0.95, (n) => n > 0.5 && n < 1),
    format: oneOf(given, 'format', FORMATS),
    out,
    failOn: oneOf(given, 'fail-on', FAIL_ON),
  };
}

/** The options of each way that only it has. */
const WAYS: Readonly<Record<Wanted['kind'], readonly (keyof Values)[]>> = {
  files: [],
  periods: ['prometheus', 'before', 'after', 'job'],
  versions: ['prometheus', 'versions', 'since', 'job'],
  rounds: ['rounds', 'a', 'b', 'load'],
};

function wantedOf(given: Values, files: readonly string[]): Wanted {
  const kind =
    given.rounds !== undefined || given.load !== undefined
      ? 'rounds'
      : given.versions !== undefined
        ? 'versions'
        : given.prometheus !== undefined
          ? 'periods'
          : 'files';
  const foreign = Object.values(WAYS)
    .flat()
    .find((name) => given[name] !== undefined && !WAYS[kind].includes(name));
  if (foreign !== undefined) throw new Error(`--${foreign} does not go with ${said(kind)}`);
  if (kind !== 'files' && files.length > 0)
    throw new Error(`${JSON.stringify(files[0])} does not go with ${said(kind)}`);
  const need = (name: keyof Values): string => {
    const value = given[name]?.trim();
    if (!value) throw new Error(`--${name} is missing`);
    return value;
  };
  switch (kind) {
    case 'files': {
      if (files.length !== 2 && files.length !== 4) {
        throw new Error('two files or directories are expected, or four files, or --prometheus, or --rounds');
      }
      return { kind, paths: files };
    }
    case 'periods':
      return { kind, url: need('prometheus'), before: need('before'), after: need('after') };
    case 'versions': {
      const [a, b, ...others] = need('versions').split(',');
      const versions = [a?.trim() ?? '', b?.trim() ?? ''] as const;
      if (versions.includes('') || versions[0] === versions[1] || others.length > 0)
        throw new Error('--versions: expected two different ones, separated by a comma');
      return { kind, url: need('prometheus'), versions, since: given.since ?? '24h' };
    }
    case 'rounds': {
      const rounds = number(
        given,
        'rounds',
        'a whole number, 2 to 1000',
        10,
        (n) => Number.isInteger(n) && n > 1 && n <= 1000,
      );
      return { kind, rounds, a: need('a'), b: need('b'), load: need('load') };
    }
  }
}

const said = (kind: Wanted['kind']): string =>
  kind === 'files' ? 'two files' : `--${WAYS[kind][kind === 'versions' ? 1 : 0]}`;

function number<T>(
  given: Values,
  name: keyof Values,
  expected: string,
  fallback: T,
  fits: (n: number) => boolean,
): number | T {
  const text = given[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() === '' || !fits(value)) throw wrong(name, expected, text);
  return value;
}

function oneOf<T extends string>(given: Values, name: keyof Values, known: readonly [T, ...T[]]): T {
  const text = given[name] ?? known[0];
  const found = known.find((each) => each === text);
  if (found === undefined) throw wrong(name, `one of ${known.join(', ')}`, text);
  return found;
}

const wrong = (name: string, expected: string, given: string): Error =>
  new Error(`--${name}: expected ${expected}; got ${JSON.stringify(given)}`);
