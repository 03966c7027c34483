import type { Match, Matcher } from './layer.ts';
import { offeredPath, type Template } from './template.ts';

/**
 * `router` 2.0 to 2.2, in most of Express 5, keeps of a mount's path only functions that match it, so the path is found by
 * asking them: what can be replaced by a token that comes back as a parameter is that parameter, and the rest must be
 * the path's own text. Its letter case does not show, unless the router is case sensitive: it is given in lower case. Of
 * a regexp nothing shows: it is `/*`.
 *
 * @see https://github.com/pillarjs/router/blob/v2.2.0/lib/layer.js
 */
export function probedMount(matchers: readonly Matcher[]): Template {
  const probes = matchers.map((matcher) => new Probe(matcher));
  const [only] = probes.length === 1 ? probes : [];
  return (own, request) => {
    const known = only?.known(own);
    if (known !== undefined) return known;
    const path = offeredPath(own, request);
    for (const probe of probes) {
      const match = probe.matcher(path);
      if (match) return probe.templateOf(match);
    }
    return undefined;
  };
}

/** What an optional part in the path makes of it: one is learnt for each. */
interface Variant {
  readonly template: string;
  readonly names: readonly string[];
  /** Captures the values of `names`, in their order. */
  readonly pattern: RegExp;
  /** Matches only values in which no other optional part can hide. */
  readonly plain: RegExp;
}

const REGEXP_MOUNT = '/*';
/** A path that could not be learnt from this many requests is left alone. */
const ATTEMPTS = 1000;

class Probe {
  readonly matcher: Matcher;
  readonly #variants: Variant[] = [];
  #attempts = 0;

  constructor(matcher: Matcher) {
    this.matcher = matcher;
  }

  /** The template for a path that is known to match, if it takes no closer look. */
  known(path: string): string | undefined {
    return this.#variants.find(({ plain }) => plain.test(path))?.template;
  }

  templateOf(match: Match): string | undefined {
    // Only path-to-regexp gives an object without a prototype.
    if (Object.getPrototypeOf(match.params) !== null) return REGEXP_MOUNT;
    return (this.#variants.find((variant) => fits(variant, match)) ?? this.#learn(match))?.template;
  }

  #learn(match: Match): Variant | undefined {
    if (this.#attempts++ >= ATTEMPTS) return undefined;
    const { path, params } = match;
    const names = Object.keys(params);
    // Parameters are decoded: one that was encoded is not found in the path, but one that never was will do as well.
    const variant = learn(this.matcher, names, path) ?? learn(this.matcher, names, path.replace(/%[\da-f]{2}/gi, 'x'));
    if (variant === undefined || !fits(variant, match)) return undefined;
    this.#variants.push(variant);
    return variant;
  }
}

function fits({ names, pattern }: Variant, { path, params }: Match): boolean {
  const values = pattern.exec(path);
  if (values === null || Object.keys(params).length !== names.length) return false;
  return names.every((name, index) => {
    const [raw = '', value] = [values[index + 1], textOf(params, name)];
    return raw === value || (raw.includes('%') && decodeURIComponent(raw) === value);
  });
}

/** A wildcard's value is an array of segments. */
function textOf(params: Match['params'], name: string): string {
  const value = params[name];
  return typeof value === 'string' ? value : (value ?? []).join('/');
}

/** Stands for the parameter of that index, for any other text from -1. Private use: no path has them as its own. */
const token = (index: number): string => String.fromCharCode(0xe001 + index);
const TOKENS = /[\ue001-\uf8ff]/g;
const STRANGER = token(-1);

function learn(matcher: Matcher, names: readonly string[], path: string): Variant | undefined {
  /** Whether the whole text is matched and all parameters before `count` are their tokens. */
  const holds = (text: string, count: number): Match | undefined => {
    const match = matcher(text);
    if (!match || match.path !== text || Object.keys(match.params).length !== names.length) return undefined;
    return names.every((name, index) => index >= count || textOf(match.params, name) === token(index))
      ? match
      : undefined;
  };

  let text = path;
  for (const [index, name] of names.entries()) {
    const match = holds(text, index);
    const value = match && textOf(match.params, name);
    if (!value) return undefined;
    const found = occurrences(text, value)
      .map((at) => text.slice(0, at) + token(index) + text.slice(at + value.length))
      .find((candidate) => holds(candidate, index + 1));
    if (found === undefined) return undefined;
    text = found;
  }
  // Nothing of a URL may pass for the path's own text: that does not match any more with another character in it.
  for (let at = 0; at < text.length; at++) {
    if (text.charAt(at).search(TOKENS) < 0 && holds(text.slice(0, at) + STRANGER + text.slice(at + 1), names.length)) {
      return undefined;
    }
  }
  const lower = text.toLowerCase();
  if (holds(lower, names.length)) text = lower;
  return variantOf(text.replace(/\/$/, ''), names, matcher(text) as Match);
}

function occurrences(text: string, value: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) found.push(at);
  return found;
}

function variantOf(text: string, names: readonly string[], { params }: Match): Variant {
  const isWildcard = (char: string) => Array.isArray(params[names[char.charCodeAt(0) - 0xe001] as string]);
  const literal = text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const captured = literal.replace(TOKENS, (char) => (isWildcard(char) ? '([^]+)' : '([^/]+)'));
  const plain = literal.replace(TOKENS, (char) => (isWildcard(char) ? '[\\w/-]+' : '[\\w-]+'));
  return {
    names,
    pattern: new RegExp(`^${captured}/?$`, 'i'),
    plain: new RegExp(`^${plain}$`, 'i'),
    template: text.replace(
      TOKENS,
      (char) => `${isWildcard(char) ? '*' : ':'}${names[char.charCodeAt(0) - 0xe001] as string}`,
    ),
  };
}
