import type { Layer } from './layer.ts';
import type { Way } from './template.ts';

/**
 * Express 4 keeps nothing of a mount's path but the regexp that path-to-regexp 0.1 made of it, so the path is read back
 * from there: `^\/users(?:\/([^\/]+?))\/?(?=\/|$)` is `/users/:id`. Compiling it again must give the same regexp; where it
 * does not, and for a path that was a regexp, the template is the regexp's source.
 *
 * @see https://github.com/pillarjs/path-to-regexp/blob/v0.1.13/index.js
 */
export function compiledMount(AnyLayer: Layer['constructor'], regexp: RegExp, keys: Layer['keys'] = []): Way[] {
  const names = keys.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  const sources = elements(regexp.source);
  if (!sources.some((source) => COMPILED.test(source))) return [{ template: String(regexp), matches: () => true }];
  return sources.map((source) => {
    const pattern = new RegExp(source, regexp.flags);
    const path = written(source, names);
    return {
      template: path !== undefined && compiles(path, source) ? path : `/${source}/`,
      matches: (offered) => pattern.test(offered),
    };
  });

  function compiles(path: string, source: string): boolean {
    const options = { end: false, strict: false, sensitive: !regexp.ignoreCase };
    return new AnyLayer(path, options, () => {}).regexp?.source === source;
  }
}

/** How every path of a mount ends when compiled: with an optional slash, before a slash or the end. */
const COMPILED = /^\^(.*?)(?:\\\/\?)?\(\?=\\\/\|\$\)$/s;

/** The paths of an array are compiled one by one and joined; older versions put a group around them. */
function elements(source: string): string[] {
  const inner = /^\(\?:(\^.*\(\?=\\\/\|\$\))\)$/s.exec(source)?.[1] ?? source;
  return inner.split(/\|(?=\^)|(?<=\(\?=\\\/\|\$\))\|/);
}

/**
 * `(?:\/(capture))?` of `/:name?`, its slash before the group in older versions; `(.*)` of `*`; `\/` and `\.`; and `/(?:`
 * of `/(`. A default capture is `[^\/]+?`, or, where text precedes it in its segment, `(?:(?!\/|text).)+?`.
 */
const PARTS =
  /\(\?:((?:\\[/.])*)\(((?:\(\?:\(\?!.*?\)\.\)\+\?|[^()]*))\)(\(\(\?:\[[^\]]*\]\.\+\?\)\?\))?\)(\??)|\(\.\*\)|\\\/\(\?:(?!\()|\\([/.])/g;

/** Takes the names it uses from `names`. */
function written(source: string, names: string[]): string | undefined {
  return COMPILED.exec(source)?.[1]?.replace(PARTS, (part, lead, capture, star, optional, escaped) => {
    if (escaped !== undefined) return escaped;
    if (capture === undefined) return part === '(.*)' ? '*' : '/(';
    const own = /^(\[\^\\?\/|\(\?:\(\?!)/.test(capture) ? '' : `(${capture})`;
    return `${lead.replaceAll('\\', '')}:${names.shift()}${own}${star ? '*' : ''}${optional}`;
  });
}
