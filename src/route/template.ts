/**
 * How much of a path a route takes.
 * - `exact`: its own text and parameters in it, such as `/users/:id/orders`.
 * - `open`: it ends in a parameter, such as `/users/:id`, or in a rest with a name, such as `/docs/[...page]`.
 * - `wildcard`: every path below its own text, such as `/files/*`.
 * - `catch-all`: every path, such as `/*`: a handler of its own decides what the path means.
 */
export type RouteKind = 'exact' | 'open' | 'wildcard' | 'catch-all';

// `*`, `/*`, `/*splat`, `/{*splat}`, `/**`, `/**:all`, `(.*)`, `/:path(.*)*`
const CATCH_ALL = /^\/?\^?(\\?\/)?(\*\*?:?\w*|\{\/?\*\w*\}|(:\w+)?\((\.\*|\*)\)[*+]?|\.\*)\$?\/?$/;
// `*`, `*splat`, `{*splat}`, `**:all`, `(.*)`
const WILDCARD = /(\*:?\w*\}?|\(\.?\*\)|\.\*\$?\/)$/;
// `:id`, `:id?`, `:id(\\d+)`, `{id}`, `[id]`, `[...rest]`, `[[...rest]]`, `:rest+`
const OPEN = /\/(:\w+(\((?!\.?\*\)).*\))?[?*+]?|\{\w+[?*]?\}|\[{1,2}(\.\.\.)?\w+\]{1,2})$/;

/** What kind of route has this template, in the spelling of any framework. */
export function routeKind(template: string): RouteKind {
  if (CATCH_ALL.test(template)) return 'catch-all';
  if (OPEN.test(template)) return 'open';
  return WILDCARD.test(template) ? 'wildcard' : 'exact';
}

/** Whether a route takes paths that other routes may have. */
export function isWide(template: string): boolean {
  const kind = routeKind(template);
  return kind === 'wildcard' || kind === 'catch-all';
}

/** A parameter, which may be a whole segment or a part of one: `:id`, `:id(\\d+)`, `{id}`, `[id]`. */
const PARAMETER = /:\w+(?:\(([^()/]*)\))?|\{\w+\}|\[\w+\]/g;
/** What remains of a segment must be text. */
const TEXT = /^[\w.~!$&'@=;,%-]*$/;

/**
 * A pattern for the paths that a template fits.
 * @property segments     how many segments they have
 * @property specificity  a text that is smaller for the template that routers would try first: text before parameters
 */
export interface PathPattern {
  readonly regexp: RegExp;
  readonly segments: number;
  readonly specificity: string;
}

/** Text, classes and their repetition, none of which takes a slash. */
const CONSTRAINT = /^\^?(?:(?:\\[dw]|\[(?!\^)[^\]/]*\]|[\w|-])(?:[+*?]|\{\d+(?:,\d*)?\})?)*\$?$/;
const UNBOUNDED = /[+*]|,\}/g;
/** What takes everything but a few characters. */
const COMPLEMENT = /\\[A-Z]/;

/**
 * A client chooses the paths that a pattern is tried on, so it must need no more time than the path is long: after the first
 * parameter of a segment, none contains the beginning of the text before it, as in path-to-regexp 8.
 * @returns undefined for a template with more than text and parameters, such as a regular expression
 */
export function compileTemplate(template: string): PathPattern | undefined {
  const segments = segmentsOf(template);
  let source = '';
  let specificity = '';
  for (const segment of segments) {
    const texts = segment.replaceAll(PARAMETER, '/').split('/');
    if (!texts.every((text) => TEXT.test(text))) return undefined;
    const constraints = [...segment.matchAll(PARAMETER)].map(([, constraint]) => constraint);
    const values = constraints.map((constraint, i) => valuePattern(constraint, i === 0 ? '/' : texts[i]));
    if (values.includes(undefined) || (values.length > 1 && constraints.some((each) => each !== undefined)))
      return undefined;
    source += `\\/+${texts.map((text, i) => escapeText(text) + (values[i] ?? '')).join('')}`;
    specificity += texts.length === 1 ? 'a' : texts.some((text) => text !== '') ? 'b' : 'c';
  }
  try {
    return { regexp: new RegExp(`^${source}\\/*$`), segments: segments.length, specificity };
  } catch {
    // The framework reads the constraint of a parameter in another way.
    return undefined;
  }
}

/** @param before what is left of the parameter */
function valuePattern(constraint: string | undefined, before = ''): string | undefined {
  if (constraint === undefined) return before === '' ? undefined : `[^/${before[0]?.replace(/\W/, '\\$&')}]+`;
  const isLinear = (constraint.match(UNBOUNDED) ?? []).length <= 1 && !COMPLEMENT.test(constraint);
  return isLinear && CONSTRAINT.test(constraint) ? `(?:${constraint.replace(/^\^|\$$/g, '')})` : undefined;
}

/** The source of an expression that only this text fits. */
export const escapeText = (text: string): string => text.replace(/[.+*?^${}()[\]/\\|]/g, '\\$&');

/** The template of a route below a mount or a base path, which ends without a slash. */
export const templateBelow = (base: string, template: string): string =>
  base !== '' && template === '/' ? base : base + template;

/** The segments of a path without the empty ones: `/users//42/` is the same as `/users/42`. */
export function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

/** In a loop, because an expression such as `\/+$` needs the square of the length of a path with many slashes. */
export function withoutEndSlashes(path: string): string {
  let end = path.length;
  while (path.charCodeAt(end - 1) === SLASH) end--;
  return path.slice(0, end);
}

const SLASH = 47;
