import type { Parser } from './variable.ts';

/**
 * What the entries of a list have become.
 * @property value  of the valid entries; undefined where none is valid
 * @property bad    the indexes of the entries that are not valid
 */
interface ParsedList<T> {
  readonly value: T | undefined;
  readonly bad: readonly number[];
}

/** The parser of a list: of its text, or of its entries. An entry that is not valid loses itself, and no other. */
export type ListParser<T> = Parser<T> & { parseEntries(entries: readonly string[]): ParsedList<T> };

export const isListParser = <T>(parse: Parser<T>): parse is ListParser<T> => 'parseEntries' in parse;

export interface ListOptions<Entry> {
  /** Entries that stand alone: beside any other valid entry they are not valid. */
  readonly alone?: readonly NoInfer<Entry>[];
}

/**
 * A list, from the parser of one entry.
 * @param combine  makes the value from the valid entries; called with at least one
 */
export function list<Entry, T>(
  parseEntry: Parser<Entry>,
  combine: (entries: readonly Entry[]) => T,
  { alone = [] }: ListOptions<Entry> = {},
): ListParser<T> {
  function parseEntries(texts: readonly string[]): ParsedList<T> {
    const parsed = texts.map(parseEntry);
    const valid = parsed.filter((entry) => entry !== undefined);
    const hasOthers = valid.some((entry) => !alone.includes(entry));
    const isKept = (entry: Entry | undefined) =>
      entry !== undefined && (!alone.includes(entry) || (!hasOthers && entry === valid[0]));
    return {
      value: valid.length > 0 ? combine(valid.filter(isKept)) : undefined,
      bad: [...parsed.keys()].filter((index) => !isKept(parsed[index])),
    };
  }
  return Object.assign((text: string) => parseEntries(splitList(text)).value, { parseEntries });
}

/** The entries of a variable's text. */
export const splitList = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** The entries without repeated ones, in their order. */
export const distinct = <Entry>(entries: readonly Entry[]): readonly Entry[] => [...new Set(entries)];
