import { readFileSync } from 'node:fs';

/** Reads a variable's text; undefined when it is not what was expected. The text is trimmed and never empty. */
export type Parser<T> = (text: string) => T | undefined;

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const all = <T>(items: readonly (T | undefined)[]): T[] | undefined =>
  items.length > 0 && items.every((item) => item !== undefined) ? (items as T[]) : undefined;

export const anyText: Parser<string> = (text) => text;

export const boolean: Parser<boolean> = (text) => {
  const lower = text.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : undefined;
};

export const integer =
  (min: number, max: number): Parser<number> =>
  (text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined;
  };

export const oneOf =
  <T extends string>(...allowed: readonly T[]): Parser<T> =>
  (text) =>
    allowed.find((value) => value === text.toLowerCase());

export const someOf =
  <T extends string>(...allowed: readonly T[]): Parser<readonly T[]> =>
  (text) =>
    all(list(text).map(oneOf(...allowed)));

/** Ascending histogram bounds in seconds; `+Inf` is always added by the formats. */
export const bounds: Parser<readonly number[]> = (text) => {
  const values = list(text).map(Number);
  const ascending = values.every((value, i) => value > (values[i - 1] ?? 0) && Number.isFinite(value));
  return values.length > 0 && ascending ? values : undefined;
};

/** An absolute path without query, fragment or blanks. */
export const path: Parser<string> = (text) => (/^\/[^\s?#]*$/.test(text) ? text : undefined);

/** Route templates: segments are words or `:name`, and `*` may end one. */
export const templates: Parser<readonly string[]> = (text) =>
  all(list(text).map((item) => (/^\/[^\s?#*]*\*?$/.test(item) ? item : undefined)));

/** Values of the `path` label as they are exported; also `unmatched` and `other`. */
export const labelValues: Parser<readonly string[]> = (text) =>
  all(list(text).map((item) => (/^(\/\S*|unmatched|other)$/.test(item) ? item : undefined)));

/** Names of HTTP methods. @see https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
export const methods: Parser<readonly string[]> = (text) =>
  all(list(text).map((item) => (/^[!#$%&'*+.^_`|~\w-]+$/.test(item) ? item : undefined)));

/** What may follow `Bearer ` in a header. @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export const token: Parser<string> = (text) => (/^[\w.~+/-]+=*$/.test(text) ? text : undefined);

export const httpUrl: Parser<string> = (text) =>
  URL.canParse(text) && /^https?:\/\/[^/]/i.test(text) ? text : undefined;

/** `key=value` pairs, percent-encoded, as in W3C Baggage. */
export const pairs: Parser<Readonly<Record<string, string>>> = (text) => {
  const found: [string, string][] = [];
  for (const item of list(text)) {
    const equals = item.indexOf('=');
    if (equals < 1) return undefined;
    try {
      found.push([item.slice(0, equals).trim(), decodeURIComponent(item.slice(equals + 1).trim())]);
    } catch {
      return undefined;
    }
  }
  return found.length > 0 ? Object.fromEntries(found) : undefined;
};

/** The content of a file. */
export const file: Parser<Buffer> = (text) => {
  try {
    return readFileSync(text);
  } catch {
    return undefined;
  }
};
