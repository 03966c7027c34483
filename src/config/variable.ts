import type { Parser } from './parsers.ts';

/**
 * One environment variable: its row yields the parser, the README's table and the tests.
 * @property variable  its name
 * @property expected  what a value must be, as it reads after `expected`
 * @property fallback  what is used when it is unset or bad
 * @property shown     how the README and warnings name the fallback, where its own text does not serve
 * @property instead   what a bad value leads to, where that is not the fallback
 * @property meaning   what it does, one sentence
 * @property secret    its value is never printed
 */
export interface Variable<T> {
  variable: string;
  expected: string;
  parse: Parser<T>;
  fallback: T | undefined;
  shown?: string;
  instead?: { value: T; shown: string };
  meaning: string;
  secret?: boolean;
}

/** A row whose fallback is a value. */
export const row = <T>(variable: Variable<T> & { fallback: T }): Variable<T> & { fallback: T } => variable;
/** A row that is undefined where it is unset. */
export const optional = <T>(variable: Omit<Variable<T>, 'fallback'>): Variable<T | undefined> => ({
  ...variable,
  fallback: undefined,
});
