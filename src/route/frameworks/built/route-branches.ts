/**
 * @property path     of this route only; undefined where it has none, such as an index route or a layout
 * @property isIndex  whether it is the page of its parent's path
 */
export interface BuiltRoute {
  readonly id: string;
  readonly parentId: string;
  readonly path: string | undefined;
  readonly isIndex: boolean;
  readonly isCaseSensitive: boolean;
}

/** A path that leads to one route: one for each combination of its optional segments. */
export interface Branch {
  readonly template: string;
  readonly regexp: RegExp;
  readonly score: number;
}

/** What is known of the routes above a route, for one combination of their optional segments. */
interface Parent {
  readonly id: string;
  readonly template: string;
  readonly path: string;
  readonly source: string;
}

/** All paths of all routes, in the order in which React Router tries them: the highest score first. */
export function rankBranches(routes: readonly BuiltRoute[]): Branch[] {
  const children = new Map<string, BuiltRoute[]>();
  for (const route of routes) children.set(route.parentId, [...(children.get(route.parentId) ?? []), route]);
  const branches: Branch[] = [];
  const addBelow = (parent: Parent) => {
    for (const { id, path: given, isIndex, isCaseSensitive } of children.get(parent.id) ?? []) {
      const own = given ?? '';
      const template = join(parent.template, own);
      for (const variant of explode(own)) {
        const path = join(parent.path, variant);
        const isWhole = repeats(parent.path, variant);
        const source = (isWhole ? '' : parent.source) + sourceOf(variant, isCaseSensitive);
        if (id !== parent.id) addBelow({ id, template, path, source });
        if (given === undefined && !isIndex) continue;
        // React Router counts an index route, or what adds nothing to its parent's path, as one more empty segment.
        const score = scoreOf(path === parent.path && path !== '/' ? `${path}/` : path, isIndex);
        branches.push({ template, regexp: new RegExp(`^${source}${endOf(path)}$`), score });
      }
    }
  };
  addBelow({ id: '', template: '/', path: '/', source: '' });
  return branches.sort((a, b) => b.score - a.score);
}

export const matchBranch = (branches: readonly Branch[], path: string): string | undefined =>
  branches.find(({ regexp }) => regexp.test(path))?.template;

/** A child's path is relative to its parent's, or repeats that. */
const repeats = (parent: string, path: string): boolean => path.startsWith('/') && path.startsWith(parent);

const join = (parent: string, path: string): string =>
  (repeats(parent, path) ? path : `${parent}/${path}`).replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');

/** `a?/b` is `a/b` and `b`. */
function explode(path: string): string[] {
  const [first = '', ...rest] = path.split('/');
  const own = first.replace(/\?$/, '');
  const isOptional = own !== first;
  if (rest.length === 0) return isOptional ? [own, ''] : [own];
  const others = explode(rest.join('/'));
  return [...others.map((other) => (other === '' ? own : `${own}/${other}`)), ...(isOptional ? others : [])];
}

const SPLAT_PENALTY = -2;
const INDEX_VALUE = 2;
const PARAMETER_VALUE = 3;
const EMPTY_VALUE = 1;
const TEXT_VALUE = 10;

function scoreOf(path: string, isIndex: boolean): number {
  const segments = path.split('/');
  const words = segments.filter((segment) => segment !== '*');
  const start = segments.length + (words.length < segments.length ? SPLAT_PENALTY : 0) + (isIndex ? INDEX_VALUE : 0);
  return words.reduce((sum, word) => sum + scoreOfSegment(word), start);
}

function scoreOfSegment(segment: string): number {
  if (/^:[\w-]+$/.test(segment)) return PARAMETER_VALUE;
  return segment === '' ? EMPTY_VALUE : TEXT_VALUE;
}

/** The pattern of a path without its splat. */
function sourceOf(path: string, isCaseSensitive: boolean): string {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '*');
  const sources = segments.map((segment) => {
    const parameter = /^:[\w-]+/.exec(segment)?.[0] ?? '';
    const text = segment.slice(parameter.length).replace(/[\\.*+^${}|()[\]]/g, String.raw`\$&`);
    return (parameter && '[^/]+') + (isCaseSensitive ? text : ignoreCase(text));
  });
  return sources.map((source) => `/${source}`).join('');
}

const ignoreCase = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

function endOf(path: string): string {
  if (path === '/*') return '.*';
  return path.endsWith('*') ? '(?:/.+|/*)' : '/*';
}
