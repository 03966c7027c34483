import { escapeText } from '../../template.ts';
import { type Match, type Matcher, offeredPath, type Template } from './layer.ts';

/**
 * `router` 2.0 to 2.2, in most installations of Express 5, keeps only functions that match a mount's path. So the path is
 * found by calling them: a text that can be replaced by a token that comes back as a parameter is that parameter, and the
 * rest must be the path's own text. Letter case does not show unless the router is case sensitive, so the text is in lower
 * case. Of a regexp nothing shows: it is `/*`.
 *
 * Remove this file in November 2028: router 2.3 of November 2026 has `rawPath`, and two years later no supported app should
 * still have an older one.
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

/** A path with or without its optional parts. One is learned for each combination that is requested. */
interface LearnedPath {
  readonly template: string;
  readonly names: readonly string[];
  /** Captures the values of `names`, in that order. */
  readonly pattern: RegExp;
  /** Matches only values that cannot contain another optional part. */
  readonly plain: RegExp;
}

const REGEXP_MOUNT = '/*';
/** After this many requests that a path could not be learned from, it is given up. */
const MAX_ATTEMPTS = 1000;

class Probe {
  readonly matcher: Matcher;
  readonly #learned: LearnedPath[] = [];
  #attempts = 0;

  constructor(matcher: Matcher) {
    this.matcher = matcher;
  }

  /** The template of a path that is known to match, if a learned one fits without calling the matcher. */
  known(path: string): string | undefined {
    return this.#learned.find(({ plain }) => plain.test(path))?.template;
  }

  templateOf(match: Match): string | undefined {
    // Only path-to-regexp returns parameters without a prototype.
    if (Object.getPrototypeOf(match.params) !== null) return REGEXP_MOUNT;
    return (this.#learned.find((learned) => fits(learned, match)) ?? this.#learn(match))?.template;
  }

  #learn(match: Match): LearnedPath | undefined {
    if (this.#attempts++ >= MAX_ATTEMPTS) return undefined;
    const { path, params } = match;
    const names = Object.keys(params);
    // Parameters are decoded, so an encoded value is not found in the path. Another value serves as well: try `x`.
    const learned = learn(this.matcher, names, path) ?? learn(this.matcher, names, path.replace(/%[\da-f]{2}/gi, 'x'));
    if (learned === undefined || !fits(learned, match)) return undefined;
    this.#learned.push(learned);
    return learned;
  }
}

function fits({ names, pattern }: LearnedPath, { path, params }: Match): boolean {
  const values = pattern.exec(path);
  if (values === null || Object.keys(params).length !== names.length) return false;
  return names.every((name, index) => {
    const [raw = '', value] = [values[index + 1], textOf(params, name)];
    return raw === value || (raw.includes('%') && decodeURIComponent(raw) === value);
  });
}

/** The value of a wildcard is an array of segments. */
function textOf(params: Match['params'], name: string): string {
  const value = params[name];
  return typeof value === 'string' ? value : (value ?? []).join('/');
}

/** Stands for the parameter with this index. The characters are for private use: no path contains them. */
const token = (index: number): string => String.fromCharCode(0xe001 + index);
const TOKENS = /[\ue001-\uf8ff]/g;
/** Stands for a character that is in no path. */
const STRANGER = token(-1);

function learn(matcher: Matcher, names: readonly string[], path: string): LearnedPath | undefined {
  /** The match, if the whole text is matched and the first `count` parameters are their tokens. */
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
  // No text of a URL may count as the path's own. The own text is what must not change: with another character in it, the
  // path does not match.
  for (let at = 0; at < text.length; at++) {
    if (text.charAt(at).search(TOKENS) < 0 && holds(text.slice(0, at) + STRANGER + text.slice(at + 1), names.length)) {
      return undefined;
    }
  }
  const lower = text.toLowerCase();
  if (holds(lower, names.length)) text = lower;
  return learnedPath(text.replace(/\/$/, ''), names, matcher(text) as Match);
}

function occurrences(text: string, value: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) found.push(at);
  return found;
}

function learnedPath(text: string, names: readonly string[], { params }: Match): LearnedPath {
  const isWildcard = (char: string) => Array.isArray(params[names[char.charCodeAt(0) - 0xe001] as string]);
  const literal = escapeText(text);
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
