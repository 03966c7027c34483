import type { Layer, PathAlternative } from './layer.ts';

/**
 * Express 4 keeps only the regexp that path-to-regexp 0.1 made of a mount's path, so the path is read back from it:
 * `^\/users(?:\/([^\/]+?))\/?(?=\/|$)` is `/users/:id`. Compiling the result again must give the same regexp. Where it
 * does not, and for a path that was a regexp, the template is the regexp.
 *
 * @see https://github.com/pillarjs/path-to-regexp/blob/v0.1.13/index.js
 */
export function compiledMount(
  AnyLayer: Layer['constructor'],
  regexp: RegExp,
  keys: Layer['keys'] = [],
): PathAlternative[] {
  const names = keys.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  const sources = alternativesIn(regexp.source);
  if (!sources.some((source) => COMPILED.test(source))) return [{ template: regexp, matches: () => true }];
  return sources.map((source) => {
    const pattern = new RegExp(source, regexp.flags);
    const path = pathOf(source, names);
    return {
      template: path !== undefined && compiles(path, source) ? path : new RegExp(source),
      matches: (offered) => pattern.test(offered),
    };
  });

  function compiles(path: string, source: string): boolean {
    const options = { end: false, strict: false, sensitive: !regexp.ignoreCase };
    return new AnyLayer(path, options, () => {}).regexp?.source === source;
  }
}

/** How the compiled path of each mount ends: with an optional slash, before a slash or the end. */
const COMPILED = /^\^(.*?)(?:\\\/\?)?\(\?=\\\/\|\$\)$/s;

/** path-to-regexp compiles the paths of an array one by one and joins them; older versions add a group around them. */
function alternativesIn(source: string): string[] {
  const inner = /^\(\?:(\^.*\(\?=\\\/\|\$\))\)$/s.exec(source)?.[1] ?? source;
  return inner.split(/\|(?=\^)|(?<=\(\?=\\\/\|\$\))\|/);
}

/**
 * The parts of a compiled path: `(?:\/(capture))?` of `/:name?` (older versions put the slash before the group); `(.*)` of
 * `*`; `\/` and `\.`; and `/(?:` of `/(`. A default capture is `[^\/]+?`, or `(?:(?!\/|text).)+?` after `text` in the same
 * segment.
 */
const PARTS =
  /\(\?:((?:\\[/.])*)\(((?:\(\?:\(\?!.*?\)\.\)\+\?|[^()]*))\)(\(\(\?:\[[^\]]*\]\.\+\?\)\?\))?\)(\??)|\(\.\*\)|\\\/\(\?:(?!\()|\\([/.])/g;

/** The path as the app wrote it. Removes the names that it uses from `names`. */
function pathOf(source: string, names: string[]): string | undefined {
  return COMPILED.exec(source)?.[1]?.replace(PARTS, (part, lead, capture, star, optional, escaped) => {
    if (escaped !== undefined) return escaped;
    if (capture === undefined) return part === '(.*)' ? '*' : '/(';
    const own = /^(\[\^\\?\/|\(\?:\(\?!)/.test(capture) ? '' : `(${capture})`;
    return `${lead.replaceAll('\\', '')}:${names.shift()}${own}${star ? '*' : ''}${optional}`;
  });
}
