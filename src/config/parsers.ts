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

/** Anything that can stand in a line. */
export const name: Parser<string> = (text) => (/[\p{Cc}\p{Surrogate}]/u.test(text) ? undefined : text);

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

/** Ascending histogram bounds in seconds; `+Inf` is always added by the formats. */
export const bounds: Parser<readonly number[]> = (text) => {
  const values = list(text).map(Number);
  const ascending = values.every((value, i) => value > (values[i - 1] ?? 0) && Number.isFinite(value));
  return values.length > 0 && ascending ? values : undefined;
};

/** The ways out: some of the real ones, or `none` alone. */
export const exporters: Parser<readonly ('prometheus' | 'otlp' | 'none')[]> = (text) => {
  const found = all(list(text).map(oneOf('prometheus', 'otlp', 'none')));
  return found?.includes('none') && found.length > 1 ? undefined : found;
};

/** An absolute path as it is sent: ASCII, without query or fragment. */
export const path: Parser<string> = (text) => (/^\/[!-~]*$/.test(text) && !/[?#]/.test(text) ? text : undefined);

/** Route templates: segments are words or `:name`, and `*` may end one. */
export const templates: Parser<readonly string[]> = (text) =>
  all(list(text).map((item) => (/^\/[^\s?#*]*\*?$/.test(item) ? item : undefined)));

/** Values of the `path` label as they are exported; also `unmatched` and `other`. */
export const labelValues: Parser<readonly string[]> = (text) =>
  all(list(text).map((item) => (/^(\/\S*|unmatched|other)$/.test(item) ? item : undefined)));

/** @see https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Names of HTTP methods. */
export const methods: Parser<readonly string[]> = (text) =>
  all(list(text).map((item) => (TOKEN.test(item) ? item : undefined)));

/** What may follow `Bearer ` in a header. @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export const token: Parser<string> = (text) => (/^[\w.~+/-]+=*$/.test(text) ? text : undefined);

/** An http or https URL, or `host:port` as gRPC has it. */
export const endpoint: Parser<string> = (text) => {
  const url = /^[\w.-]+:\d+$/.test(text) ? `http://${text}` : text;
  return URL.canParse(url) && /^https?:\/\/[^/]/i.test(url) ? text : undefined;
};

/** `key=value` pairs, percent-encoded, as in W3C Baggage. */
export const pairs: Parser<Readonly<Record<string, string>>> = (text) => {
  const found: [string, string][] = [];
  for (const item of list(text)) {
    const equals = item.indexOf('=');
    if (equals < 1) return undefined;
    try {
      found.push([decodeURIComponent(item.slice(0, equals).trim()), decodeURIComponent(item.slice(equals + 1).trim())]);
    } catch {
      return undefined;
    }
  }
  return found.length > 0 ? Object.fromEntries(found) : undefined;
};

/** By the name of a gauge, how those of many processes become one. */
export const gauges: Parser<Readonly<Record<string, 'sum' | 'max' | 'pid'>>> = (text) => {
  const rule = oneOf('sum', 'max', 'pid');
  const found = Object.entries(pairs(text) ?? {}).map(([name, value]) => [name, rule(value)] as const);
  return found.length > 0 && found.every(([, value]) => value !== undefined)
    ? (Object.fromEntries(found) as Record<string, 'sum' | 'max' | 'pid'>)
    : undefined;
};

/** HTTP headers, written as `pairs`. @see https://www.rfc-editor.org/rfc/rfc9110#name-field-values */
export const headers: Parser<Readonly<Record<string, string>>> = (text) => {
  const found = pairs(text);
  const sendable = ([header, value]: [string, string]) => TOKEN.test(header) && /^[\t -~\x80-\xff]*$/.test(value);
  return found && Object.entries(found).every(sendable) ? found : undefined;
};

/** The content of a file. */
export const file: Parser<Buffer> = (text) => {
  try {
    return readFileSync(text);
  } catch {
    return undefined;
  }
};
