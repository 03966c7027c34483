import { readFileSync } from 'node:fs';

/** The value of a variable's text, which is trimmed and not empty; undefined where the text is not valid. */
export type Parser<T> = (text: string) => T | undefined;

const splitList = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const allOrNone = <T>(items: readonly (T | undefined)[]): T[] | undefined =>
  items.length > 0 && items.every((item) => item !== undefined) ? (items as T[]) : undefined;

/** Any text without control characters. */
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

/** Ascending histogram bounds in seconds. The export formats add `+Inf`. */
export const bounds: Parser<readonly number[]> = (text) => {
  const values = splitList(text).map(Number);
  const ascending = values.every((value, i) => value > (values[i - 1] ?? 0) && Number.isFinite(value));
  return values.length > 0 && ascending ? values : undefined;
};

/** One or more exporters, or `none` alone. */
export const exporters: Parser<readonly ('prometheus' | 'otlp' | 'none')[]> = (text) => {
  const found = allOrNone(splitList(text).map(oneOf('prometheus', 'otlp', 'none')));
  return found?.includes('none') && found.length > 1 ? undefined : found;
};

/** An absolute URL path: ASCII, without query and fragment. */
export const path: Parser<string> = (text) => (/^\/[!-~]*$/.test(text) && !/[?#]/.test(text) ? text : undefined);

/** Route templates. Segments are words or `:name`; the last one may end with `*`. */
export const templates: Parser<readonly string[]> = (text) =>
  allOrNone(splitList(text).map((item) => (/^\/[^\s?#*]*\*?$/.test(item) ? item : undefined)));

/** Exported values of the `path` label, `unmatched` and `other` included. */
export const labelValues: Parser<readonly string[]> = (text) =>
  allOrNone(splitList(text).map((item) => (/^(\/\S*|unmatched|other)$/.test(item) ? item : undefined)));

/** @see https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Names of HTTP methods. */
export const methods: Parser<readonly string[]> = (text) =>
  allOrNone(splitList(text).map((item) => (TOKEN.test(item) ? item : undefined)));

/** A bearer token. @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export const token: Parser<string> = (text) => (/^[\w.~+/-]+=*$/.test(text) ? text : undefined);

/** An http or https URL, or the `host:port` that gRPC accepts. */
export const endpoint: Parser<string> = (text) => {
  const url = /^[\w.-]+:\d+$/.test(text) ? `http://${text}` : text;
  return URL.canParse(url) && /^https?:\/\/[^/]/i.test(url) ? text : undefined;
};

/** `key=value` pairs, percent-encoded like W3C Baggage. */
export const pairs: Parser<Readonly<Record<string, string>>> = (text) => {
  const found: [string, string][] = [];
  for (const item of splitList(text)) {
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

/** How the values of many processes are merged, by the name of the gauge. */
export const gauges: Parser<Readonly<Record<string, 'sum' | 'max' | 'pid'>>> = (text) => {
  const rule = oneOf('sum', 'max', 'pid');
  const found = Object.entries(pairs(text) ?? {}).map(([name, value]) => [name, rule(value)] as const);
  return found.length > 0 && found.every(([, value]) => value !== undefined)
    ? (Object.fromEntries(found) as Record<string, 'sum' | 'max' | 'pid'>)
    : undefined;
};

/** HTTP headers, written like `pairs`. @see https://www.rfc-editor.org/rfc/rfc9110#name-field-values */
export const headers: Parser<Readonly<Record<string, string>>> = (text) => {
  const found = pairs(text);
  const sendable = ([header, value]: [string, string]) => TOKEN.test(header) && /^[\t -~\x80-\xff]*$/.test(value);
  return found && Object.entries(found).every(sendable) ? found : undefined;
};

/** The valid ones of several HTTP headers. */
export const validHeaders = (text: string): Readonly<Record<string, string>> =>
  Object.assign({}, ...splitList(text).map(headers));

/** The content of a file. */
export const file: Parser<Buffer> = (text) => {
  try {
    return readFileSync(text);
  } catch {
    return undefined;
  }
};
