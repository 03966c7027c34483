import { readFileSync } from 'node:fs';
import { isLabelName, type LabelSource, parseLabelSource } from './labels.ts';
import { distinct, list } from './lists.ts';
import { pathPattern } from './path-patterns.ts';
import type { Parser } from './variable.ts';

/** Any text without control characters. */
export const name: Parser<string> = (text) => (/[\p{Cc}\p{Surrogate}]/u.test(text) ? undefined : text);

/** The beginning of a metric's name. Without a colon, which Prometheus reserves for recorded series. */
export const prefix: Parser<string> = (text) => (/^[a-zA-Z_]\w*$/.test(text) ? text : undefined);

export const boolean: Parser<boolean> = (text) => {
  const lower = text.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : undefined;
};

export const booleanOrAuto: Parser<boolean | 'auto'> = (text) => (/^auto$/i.test(text) ? 'auto' : boolean(text));

export const integer =
  (min: number, max: number): Parser<number> =>
  (text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined;
  };

const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0;

/** A time in seconds, which may have a fraction. */
export const seconds: Parser<number> = (text) => (isPositive(Number(text)) ? Number(text) : undefined);

export const oneOf =
  <T extends string>(...allowed: readonly T[]): Parser<T> =>
  (text) =>
    allowed.find((value) => value === text.toLowerCase());

/**
 * Histogram bounds in seconds. They are a set: the order in which they are given does not matter. The export formats add
 * `+Inf`.
 */
export const bounds = list(seconds, (bounds): readonly number[] => distinct(bounds).toSorted((a, b) => a - b));

/** One or more exporters, or `none` alone. */
export const exporters = list(oneOf('prometheus', 'otlp', 'none'), distinct, { alone: ['none'] });

/** An absolute URL path: ASCII, without query and fragment. */
export const path: Parser<string> = (text) => (/^\/[!-~]*$/.test(text) && !/[?#]/.test(text) ? text : undefined);

/** Route templates. Segments are words or `:name`; the last one may end with `*`. */
export const templates = list((text) => (/^\/[^\s?#*]*\*?$/.test(text) ? text : undefined), distinct);

/** Paths of requests, as `createPathMatcher` takes them. */
export const paths = list(pathPattern, distinct);

/** @see https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Names of HTTP methods. */
export const methods = list((text) => (TOKEN.test(text) ? text : undefined), distinct);

/** A bearer token. @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export const token: Parser<string> = (text) => (/^[\w.~+/-]+=*$/.test(text) ? text : undefined);

/** A host name or an address; an IPv6 address also in brackets, as in a URL. */
export const host: Parser<string> = (text) => {
  const [, inner] = /^\[([\da-f:.]*:[\da-f:.]*(%\w+)?)\]$/i.exec(text) ?? [];
  return inner ?? (/^[\w.:%-]+$/.test(text) ? text : undefined);
};

/** An http or https URL, or the `host:port` that gRPC accepts. */
export const endpoint: Parser<string> = (text) => {
  const url = /^([\w.-]+|\[[\da-f:.]+\]):\d+$/i.test(text) ? `http://${text}` : text;
  return URL.canParse(url) && /^https?:\/\/[^/]/i.test(url) ? text : undefined;
};

type Pair<Value = string> = readonly [key: string, value: Value];

const pair: Parser<Pair> = (text) => {
  const equals = text.indexOf('=');
  if (equals < 1) return undefined;
  try {
    return [decodeURIComponent(text.slice(0, equals).trim()), decodeURIComponent(text.slice(equals + 1).trim())];
  } catch {
    return undefined;
  }
};

const toObject = <Value>(pairs: readonly Pair<Value>[]): Readonly<Record<string, Value>> => Object.fromEntries(pairs);

/** `key=value` pairs, percent-encoded like W3C Baggage. */
export const pairs = list(pair, toObject<string>);

const mergeRule = oneOf('sum', 'max', 'pid');

/** How the values of many processes are merged, by the name of the gauge. */
export const gauges = list(
  (text): Pair<'sum' | 'max' | 'pid'> | undefined => {
    const [name, value] = pair(text) ?? ['', ''];
    const rule = mergeRule(value);
    return rule && [name, rule];
  },
  toObject<'sum' | 'max' | 'pid'>,
);

/** Where the values of the app's own labels come from, by the name of the label. */
export const labels = list(
  (text): Pair | undefined => {
    const [name, source] = pair(text) ?? ['', ''];
    return isLabelName(name) && parseLabelSource(source) !== undefined ? [name, source] : undefined;
  },
  toObject<LabelSource>,
);

/** HTTP headers, written like `pairs`. @see https://www.rfc-editor.org/rfc/rfc9110#name-field-values */
export const headers = list(
  (text) => {
    const [name, value] = pair(text) ?? ['', ''];
    return TOKEN.test(name) && /^[\t -~\x80-\xff]*$/.test(value) ? ([name, value] as const) : undefined;
  },
  toObject<string>,
);

/** The content of a file. */
export const file: Parser<Buffer> = (text) => {
  try {
    return readFileSync(text);
  } catch {
    return undefined;
  }
};
