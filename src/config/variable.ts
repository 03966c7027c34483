import type { UnitMistake } from './unit-mistake.ts';

/** The value of a variable's text, which is trimmed and not empty; undefined where the text is not valid. */
export type Parser<T> = (text: string) => T | undefined;

/**
 * One environment variable. Its parser, its line in the README, its option of `setupApm` and its tests come from this row.
 * @property variable      its name
 * @property expected      what a valid value is; follows the word `expected` in warnings
 * @property parse         the value of a text; undefined where nothing of the text is valid
 * @property fallback      the value where the variable is unset, or nothing of it is valid
 * @property fallbackText  how the README and warnings describe the fallback, where its own text is not readable
 * @property usedInstead   what a warning says is used instead, where another row decides it. That row comes before this one
 * @property whenInvalid   the value of a text that is not valid, and how warnings describe it, where it is not the fallback
 * @property findMistake   the unit that a valid value was probably meant in, where that is another one
 * @property meaning       what the variable does, in one sentence
 * @property secret        whether its value must never be printed
 * @property replacedBy    the option of `setupApm` that overrides this variable, where that is not its own
 */
export interface Variable<T> {
  variable: string;
  expected: string;
  parse: Parser<T>;
  fallback: T | undefined;
  fallbackText?: string;
  usedInstead?(config: Readonly<Record<string, unknown>>): string | undefined;
  whenInvalid?: { parse: (text: string) => T; text: string };
  findMistake?(value: T): UnitMistake | undefined;
  meaning: string;
  secret?: boolean;
  replacedBy?: string;
}

/** A row that has a value where the variable is unset. */
export const withDefault = <T>(variable: Variable<T> & { fallback: T }): Variable<T> & { fallback: T } => variable;
/** A row that is undefined where the variable is unset. */
export const optional = <T>(variable: Omit<Variable<T>, 'fallback'>): Variable<T | undefined> => ({
  ...variable,
  fallback: undefined,
});
