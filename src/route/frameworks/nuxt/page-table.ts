import { UnexpectedInternals } from '../../adapter-failure.ts';
import { linearPattern } from '../../linear-pattern.ts';
import { inheritedValue } from '../../own-property.ts';
import { PathCache } from '../../path-cache.ts';
import { escapeText } from '../../template.ts';

interface Page {
  readonly template: string;
  readonly regexp: RegExp;
}

/** The pages of a Nuxt app. */
export class PageTable {
  readonly #pages: readonly Page[];
  readonly #found = new PathCache<string>();

  constructor(pages: readonly Page[]) {
    this.#pages = pages;
  }

  /**
   * The template of the page at a path.
   * @param target the request target that the path is a part of
   */
  find(path: string, target: string): string | undefined {
    return this.#found.find(path, target, () => this.#pages.find(({ regexp }) => regexp.test(path))?.template);
  }
}

/** Reads the table of vue-router 4 and 5, which has its routes in the order in which it tries them. */
export function readPages(router: unknown): PageTable {
  const getRoutes = inheritedValue(router, 'getRoutes');
  if (typeof getRoutes !== 'function') throw new UnexpectedInternals('its router has no method `getRoutes`');
  const pages: Page[] = [];
  for (const { path } of getRoutes.call(router) as { readonly path: string }[]) {
    const regexp = compile(path);
    // Nuxt writes `:id()` for `[id]`.
    if (regexp !== undefined) pages.push({ template: path.replaceAll('()', ''), regexp });
  }
  return new PageTable(pages);
}

/** `:name`, its pattern with up to one level of groups, and its modifier. */
const PARAMETER = /:\w+(?:\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\))?([?*+]?)/g;
const ANY = '[^/]+?';
/** What may match a slash, so that a repetition of it could divide a path in many ways. */
const CROSSES_SEGMENTS = /(?<!\\)\.|\[\^|\\[DWS]/;

/** As the path parser of vue-router does. @returns undefined for a pattern that cannot be matched fast */
function compile(path: string): RegExp | undefined {
  const segments = path.split(/\/(?![^(]*\))/).filter((each) => each !== '');
  const sources = segments.map(compileSegment);
  if (sources.includes(undefined)) return undefined;
  try {
    const source = linearPattern(`^${sources.join('')}/?$`);
    return source === undefined ? undefined : new RegExp(source, 'i');
  } catch {
    return undefined;
  }
}

function compileSegment(segment: string): string | undefined {
  let source = '';
  let end = 0;
  for (const { 0: text, 1: pattern, 2: modifier, index } of segment.matchAll(PARAMETER)) {
    const isRepeated = modifier === '*' || modifier === '+';
    const isOptional = modifier === '*' || modifier === '?';
    const one = `(?:${pattern || ANY})`;
    // `.*` takes the slashes, too.
    const isAll = pattern === '.*' || pattern === '.+';
    if (isRepeated && !isAll && CROSSES_SEGMENTS.test(pattern ?? '')) return undefined;
    const value = isRepeated && !isAll ? `${one}(?:/${one})*` : one;
    const isWhole = text === segment;
    source += escapeText(segment.slice(end, index));
    source += isWhole
      ? isOptional
        ? `(?:/${value})?`
        : `/${value}`
      : isOptional || value !== one
        ? `(?:${value})${isOptional ? '?' : ''}`
        : one;
    if (isWhole) return source;
    end = index + text.length;
  }
  return `/${source}${escapeText(segment.slice(end))}`;
}
