import { requestPath } from '../base/request-path.ts';
import type { Parser } from './variable.ts';

/**
 * One entry of a list of paths, such as `/health`, `/static/*` or `GET /health*`.
 * @property method  only requests with this method, in upper case; undefined for all
 * @property path    a value of the `path` label, or a path of URLs; `*` stands for any characters
 */
interface PathPattern {
  readonly method: string | undefined;
  readonly path: string;
}

/** Finds the requests that a list of patterns is about. */
export interface PathMatcher {
  /** Whether a pattern matches this value of the `path` label. The answer is kept: it is asked for every request. */
  matchesLabel(path: string, method: string): boolean;
  /** Whether a pattern matches the path of a request target. The query never matters. No answer is kept. */
  matchesUrl(url: string, method: string): boolean;
}

/** Label values and methods are bounded, but clients of HTTP/2 may invent methods. */
const MAX_KEPT_ANSWERS = 10_000;

/**
 * Checks one entry of a list: `[METHOD ]PATH`. A word without a slash is refused, except for `unmatched` and `other`: it
 * would match nothing. Labels of routes that are regular expressions are accepted, such as `^\/users\/(\d+)$`.
 * @returns the entry as it was given
 */
export const pathPattern: Parser<string> = (text) => (splitPattern(text) === undefined ? undefined : text);

/** @returns undefined for an empty list, so that a request costs nothing where nothing is configured */
export function createPathMatcher(entries: readonly string[]): PathMatcher | undefined {
  const patterns = entries.map(splitPattern).filter((pattern) => pattern !== undefined);
  if (patterns.length === 0) return undefined;
  const forMethods = new Map<string, PathSet>();
  for (const { method } of patterns) {
    if (method !== undefined && !forMethods.has(method)) forMethods.set(method, new PathSet(patterns, method));
  }
  const forOthers = new PathSet(patterns, undefined);
  const pathsOf = (method: string): PathSet => forMethods.get(method) ?? forOthers;
  const answers = new Map<PathSet, Map<string, boolean>>();
  for (const paths of [...forMethods.values(), forOthers]) answers.set(paths, new Map());
  return {
    matchesLabel(path, method) {
      const paths = pathsOf(method);
      const known = answers.get(paths) as Map<string, boolean>;
      let answer = known.get(path);
      if (answer === undefined) {
        answer = paths.has(path);
        if (known.size >= MAX_KEPT_ANSWERS) known.clear();
        known.set(path, answer);
      }
      return answer;
    },
    matchesUrl: (url, method) => pathsOf(method).has(requestPath(url)),
  };
}

function splitPattern(text: string): PathPattern | undefined {
  const [, method, path = ''] = /^(?:([A-Za-z][A-Za-z-]*) +)?(\S+)$/.exec(text) ?? [];
  const isLabel = /^[/*]|^(unmatched|other)$|[\\^$()[\]{}|]/.test(path);
  const hasQuery = /\?[\w.-]+=/.test(path);
  return isLabel && !hasQuery ? { method: method?.toUpperCase(), path } : undefined;
}

/** The paths that count for one method: texts that must be equal, and those with a wildcard. */
class PathSet {
  readonly #exact = new Set<string>();
  readonly #wildcards: (readonly string[])[] = [];

  constructor(patterns: readonly PathPattern[], method: string | undefined) {
    for (const pattern of patterns) {
      if (pattern.method !== undefined && pattern.method !== method) continue;
      // A list is split at commas and an entry at blanks, so these two are written as in a URL.
      const decoded = pattern.path.replace(/%2c/gi, ',').replace(/%20/g, ' ');
      for (const path of new Set([pattern.path, decoded])) this.#add(path);
    }
  }

  #add(path: string): void {
    this.#exact.add(path);
    // `*` and `/*` are routes of many apps. As patterns they would match everything.
    if (path.includes('*') && !/^[/*]+$/.test(path)) this.#wildcards.push(path.split('*'));
  }

  has(path: string): boolean {
    return this.#exact.has(path) || this.#wildcards.some((parts) => fits(path, parts));
  }
}

/** Whether these parts occur one after the other, the first at the start, the last at the end. Never backtracks. */
function fits(path: string, parts: readonly string[]): boolean {
  const first = parts[0] as string;
  const last = parts.at(-1) as string;
  if (!path.startsWith(first) || !path.endsWith(last) || path.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= path.length - last.length;
}
