import type { UnitMistake } from './unit-mistake.ts';
import type { Variable } from './variable.ts';

/** The warning about a setting with a value or an entry that is not valid. */
export interface InvalidSetting {
  /** The line to log. */
  readonly line: string;
  /** The same without what was given: no value of the environment leaves the process. */
  readonly publicLine: string;
}

type Row = Pick<Variable<unknown>, 'expected' | 'whenInvalid' | 'secret'>;

/** Nothing of the value is valid. */
export function describeInvalidValue(name: string, row: Row, given: string, fallbackText: string): InvalidSetting {
  const value = row.secret ? 'a value that is not shown' : quote(given);
  const consequence = row.whenInvalid?.text ?? `${fallbackText} is used instead`;
  return {
    line: `${name}: expected ${row.expected}, given ${value}; ${consequence}`,
    publicLine: `${name}: expected ${row.expected}; ${consequence}`,
  };
}

/** Some entries of a list are not valid. @param bad their indexes */
export function describeBadEntries(
  name: string,
  row: Row,
  entries: readonly string[],
  bad: readonly number[],
): InvalidSetting {
  const word = bad.length === 1 ? 'entry' : 'entries';
  const expected = `(expected ${row.expected})`;
  const numbers = shorten(bad.map((index) => `${index + 1}`));
  const publicLine = `${name}: ignored ${word} ${numbers} of ${entries.length} ${expected}; kept the others`;
  const quoted = (isBad: boolean) =>
    shorten(entries.filter((_, index) => bad.includes(index) === isBad).map((entry) => quote(entry)));
  const line = `${name}: ignored the ${word} ${quoted(true)} ${expected}; kept ${quoted(false)}`;
  return { line: row.secret ? publicLine : line, publicLine };
}

/** The value is valid, and was probably meant in another unit. */
export function describeUnitMistake(name: string, given: string, mistake: UnitMistake): InvalidSetting {
  const { unit, looksLike, instead } = mistake;
  const start = `${name}: expected ${unit}, given`;
  return {
    line: `${start} ${quote(given)}, which looks like ${looksLike} and is used as it is; write ${instead}`,
    publicLine: `${start} what looks like ${looksLike}; write ${instead}`,
  };
}

const MAX_SHOWN_ENTRIES = 5;

function shorten(texts: readonly string[]): string {
  const shown = texts.slice(0, MAX_SHOWN_ENTRIES).join(', ');
  return texts.length > MAX_SHOWN_ENTRIES ? `${shown} and ${texts.length - MAX_SHOWN_ENTRIES} more` : shown;
}

const MAX_QUOTED_CHARS = 80;

/** Quotes a value for one line: shortened, and without the user, password and query that a URL may have, valid or not. */
function quote(given: string): string {
  const text = given.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1...@').replace(/[?#].*/s, '?...');
  return JSON.stringify(text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}...` : text);
}
