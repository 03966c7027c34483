import { METHODS } from '../../statistics/methods.ts';
import { optionError, parseChoice } from '../command.ts';
import { parsePrefix } from '../prefix.ts';
import type { EndpointFilter } from './endpoint-filter.ts';

export const FORMATS = ['table', 'markdown', 'json', 'html'] as const;
export type Format = (typeof FORMATS)[number];

/** When the exit code is 1. `slower`: a measure is worse. `not-faster`: that, or no duration of the service is better. */
export const FAIL_ON = ['slower', 'not-faster', 'never'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** Fewer rounds cannot show a difference. */
export const MIN_ROUNDS = METHODS.rounds.needed[0].blocks;

/** Where the two sides come from. */
type Source =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'periods'; readonly url: string; readonly before: string; readonly after: string }
  | {
      readonly kind: 'versions';
      readonly url: string;
      readonly versions: readonly [before: string, after: string];
      readonly since: string;
    }
  | { readonly kind: 'rounds'; readonly rounds: number; readonly a: string; readonly b: string; readonly load: string };

/**
 * @property objective   seconds; without fine histograms one of the bounds; by default the bound nearest to 0.5
 * @property confidence  of intervals and verdicts, between 0.5 and 1
 * @property out         a file; undefined for standard output
 */
export interface CompareOptions {
  readonly source: Source;
  readonly filter: EndpointFilter;
  readonly objective: number | undefined;
  readonly confidence: number;
  readonly format: Format;
  /** Whether the method is explained in full. */
  readonly explain: boolean;
  readonly out: string | undefined;
  readonly failOn: FailOn;
}

const STRING = { type: 'string' } as const;
export const OPTIONS = {
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
  prefix: STRING,
  objective: STRING,
  confidence: STRING,
  format: STRING,
  out: STRING,
  'fail-on': STRING,
  explain: { type: 'boolean' },
} as const;

type Values = Partial<Record<Exclude<keyof typeof OPTIONS, 'explain'>, string>>;

/** @throws a usage error */
export function parseCompareOptions(
  { explain = false, ...values }: Values & { explain?: boolean },
  positionals: readonly string[],
): CompareOptions {
  const { job, method, path, out } = values;
  if (out?.trim() === '') throw optionError('out', 'a file', out);
  return {
    source: parseSource(values, positionals),
    filter: { job, method, path, prefix: parsePrefix(values.prefix, process.env) },
    objective: parseNumber(values, 'objective', 'seconds greater than 0', undefined, (n) => n > 0),
    confidence: parseNumber(values, 'confidence', 'a number between 0.5 and 1', 0.95, (n) => n > 0.5 && n < 1),
    format: parseChoice('format', FORMATS, values.format ?? 'table'),
    explain,
    out,
    failOn: parseChoice('fail-on', FAIL_ON, values['fail-on'] ?? 'slower'),
  };
}

/** The options that only one kind of source has. */
const SOURCE_OPTIONS: Readonly<Record<Source['kind'], readonly (keyof Values)[]>> = {
  files: [],
  periods: ['prometheus', 'before', 'after', 'job'],
  versions: ['prometheus', 'versions', 'since', 'job'],
  rounds: ['rounds', 'a', 'b', 'load'],
};

function sourceKind(values: Values): Source['kind'] {
  if (values.rounds !== undefined || values.load !== undefined) return 'rounds';
  if (values.versions !== undefined) return 'versions';
  return values.prometheus !== undefined ? 'periods' : 'files';
}

function parseSource(values: Values, paths: readonly string[]): Source {
  const kind = sourceKind(values);
  const conflict = Object.values(SOURCE_OPTIONS)
    .flat()
    .find((name) => values[name] !== undefined && !SOURCE_OPTIONS[kind].includes(name));
  if (conflict !== undefined) throw new Error(`--${conflict} does not go with ${describeKind(kind)}`);
  if (kind !== 'files' && paths.length > 0)
    throw new Error(`${JSON.stringify(paths[0])} does not go with ${describeKind(kind)}`);
  const required = (name: keyof Values): string => {
    const value = values[name]?.trim();
    if (!value) throw new Error(`--${name} is missing`);
    return value;
  };
  switch (kind) {
    case 'files':
      if (paths.length !== 2 && paths.length !== 4) {
        throw new Error(
          `expected two files or directories, four files, --prometheus or --rounds; got ${paths.length} path${paths.length === 1 ? '' : 's'}`,
        );
      }
      return { kind, paths };
    case 'periods':
      return { kind, url: required('prometheus'), before: required('before'), after: required('after') };
    case 'versions': {
      const text = required('versions');
      const [before = '', after = '', ...more] = text.split(',').map((version) => version.trim());
      if (before === '' || after === '' || before === after || more.length > 0)
        throw optionError('versions', 'two different versions, separated by a comma', text);
      return { kind, url: required('prometheus'), versions: [before, after], since: values.since ?? '24h' };
    }
    case 'rounds': {
      const isCount = (n: number) => Number.isInteger(n) && n >= MIN_ROUNDS && n <= 1000;
      const rounds = parseNumber(values, 'rounds', `a whole number, ${MIN_ROUNDS} to 1000`, 10, isCount);
      return { kind, rounds, a: required('a'), b: required('b'), load: required('load') };
    }
  }
}

const describeKind = (kind: Source['kind']): string =>
  kind === 'files' ? 'two files' : `--${SOURCE_OPTIONS[kind][kind === 'versions' ? 1 : 0]}`;

function parseNumber<T>(
  values: Values,
  name: keyof Values,
  expected: string,
  fallback: T,
  isValid: (n: number) => boolean,
): number | T {
  const text = values[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || !isValid(value)) throw optionError(name, expected, text);
  return value;
}
