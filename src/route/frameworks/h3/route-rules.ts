import { isObject, ownValue } from '../../own-property.ts';
import { MAX_PATH_CHARS } from '../../path-cache.ts';
import { isVariable } from '../../shape/segment.ts';

/** The rules that answer instead of a route. */
const ANSWERING = ['redirect', 'proxy'] as const;

/**
 * The path of the rule of Nitro (`routeRules`) that answered a request, as it is written in the configuration.
 * @param context of the event
 * @param path    of the request, without the query
 */
export function ruleOf(context: unknown, path: string): string | undefined {
  // Nitro 3 names the rule.
  const rules = ownValue(context, 'routeRules');
  if (isObject(rules)) return firstOf((name) => ownValue(ownValue(rules, name), 'route') as string | undefined);
  // Nitro 2 merges the rules of a path.
  const merged = ownValue(ownValue(context, '_nitro'), 'routeRules');
  return isObject(merged) ? firstOf((name) => sourceOf(ownValue(merged, name), name, path)) : undefined;
}

/** Whether the answer of a route is cached by a rule of Nitro 2. */
export const isCached = (context: unknown): boolean =>
  isObject(ownValue(ownValue(ownValue(context, '_nitro'), 'routeRules'), 'cache'));

const firstOf = (find: (name: string) => string | undefined): string | undefined => {
  for (const name of ANSWERING) {
    const found = find(name);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** What the paths of a rule that does not end in `/**` have in common, by the object that Nitro has for each of them. */
const templates = new WeakMap<object, string>();
/** Rules that Nitro merges have a new object for each request. So the templates have a bound of their own. */
const MAX_TEMPLATES = 200;
const distinct = new Set<string>();

function sourceOf(rule: unknown, name: string, path: string): string | undefined {
  if (!isObject(rule)) return undefined;
  const base = ownValue(rule, `_${name}StripBase`);
  // What is before it is the base path of the app.
  if (typeof base === 'string') return `${path.slice(0, Math.max(path.indexOf(base), 0))}${base}/**`;
  if (path.length > MAX_PATH_CHARS) return undefined;
  const known = templates.get(rule);
  const now = withoutVariables(path);
  const template = known === undefined ? now : commonTemplate(known, now);
  if (template !== known) templates.set(rule, template);
  // A segment that was seen once may be a name: a parameter of the rule.
  if (known === undefined || !hasText(template)) return undefined;
  if (distinct.size < MAX_TEMPLATES) distinct.add(template);
  return distinct.has(template) ? template : undefined;
}

const withoutVariables = (path: string): string =>
  path
    .split('/')
    .map((segment) => (segment !== '' && isVariable(segment) ? '*' : segment))
    .join('/');

const hasText = (template: string): boolean =>
  template === '/' || template.split('/').some((segment) => segment !== '' && !/^\*+$/.test(segment));

/** Where the paths of one rule differ, the rule has a parameter. */
function commonTemplate(known: string, path: string): string {
  const before = known.split('/');
  const now = path.split('/');
  const differs = (segment: string, index: number) => segment !== before[index];
  if (before.length === now.length && !known.endsWith('/**'))
    return now.map((segment, index) => (differs(segment, index) ? '*' : segment)).join('/');
  const first = now.findIndex(differs);
  return `${now.slice(0, first < 0 ? now.length : first).join('/')}/**`;
}
