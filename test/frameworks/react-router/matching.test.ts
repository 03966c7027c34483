import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BuiltRoute, matchBranch, rankBranches } from '../../../src/route/frameworks/built/route-branches.ts';
import { install } from '../install.ts';
import reactRouter from './table.ts';

/** What `matchRoutes` of React Router takes and gives. */
interface Route {
  readonly id: string;
  readonly path?: string;
  readonly index?: boolean;
  readonly caseSensitive?: boolean;
  readonly children?: Route[];
}
type MatchRoutes = (routes: Route[], path: string) => { readonly route: Route }[] | null;

const SEGMENTS = ['users', 'Me', ':id', ':lang?', 'en?', 'a.b'];
const path = fc
  .tuple(fc.array(fc.constantFrom(...SEGMENTS), { maxLength: 3 }), fc.boolean())
  .map(([segments, splat]) => {
    const all = splat ? [...segments, '*'] : segments;
    return all.length === 0 ? undefined : all.join('/');
  });
const { tree } = fc.letrec<{ tree: Omit<Route, 'id'> }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.record({ index: fc.constant(true) }),
    fc.record({ path, caseSensitive: fc.boolean() }).map(({ path, ...rest }) => (path ? { path, ...rest } : rest)),
    // Nothing can follow a splat.
    fc.tuple(path, fc.array(tie('tree'), { maxLength: 3 })).map(([own, children]) => {
      const path = own?.replace(/\/?\*$/, '');
      return { ...(path ? { path } : {}), children } as never;
    }),
  ),
}));
const requested = fc
  .array(fc.constantFrom('users', 'me', 'Me', 'en', 'a.b', 'aXb', '7', ''), { maxLength: 5 })
  .map((segments) => `/${segments.join('/')}`);

/** With ids, and as the build writes them: one list of all routes. */
function flatten(trees: readonly object[], parentId: string, found: BuiltRoute[]): Route[] {
  return (trees as Omit<Route, 'id'>[]).map(({ children, ...route }) => {
    const id = `route ${found.length}`;
    const { path, index: isIndex = false, caseSensitive: isCaseSensitive = false } = route;
    found.push({ id, parentId, path, isIndex, isCaseSensitive });
    return { ...route, id, ...(children ? { children: flatten(children, id, found) } : {}) };
  });
}

/** Of two routes with the same words, the index route is more exact. */
const INDEX_BELOW: Omit<Route, 'id'>[] = [
  { path: 'Me/*' },
  { path: ':id/:id', children: [{ index: true }] as Route[] },
];

test.each(Object.keys(reactRouter.versions))(
  'a path has the route that React Router %s finds for it',
  async (version) => {
    const folder = await install(reactRouter, version);
    const entry = version === '7' ? 'dist/production/index.mjs' : 'dist/production/index.js';
    const { matchRoutes } = (await import(pathToFileURL(join(folder, 'node_modules/react-router', entry)).href)) as {
      matchRoutes: MatchRoutes;
    };
    fc.assert(
      fc.property(
        fc.array(tree, { minLength: 1, maxLength: 4 }),
        fc.array(requested, { minLength: 5 }),
        (trees, paths) => {
          const flat: BuiltRoute[] = [];
          const routes = flatten(trees, '', flat);
          const branches = rankBranches(flat);
          for (const each of paths) {
            const matched = matchRoutes(routes, each)?.map(({ route }) => route.path ?? '');
            const template = matched && `/${matched.filter(Boolean).join('/')}`;
            expect([each, matchBranch(branches, each)]).toEqual([each, template ?? undefined]);
          }
        },
      ),
      { numRuns: 300, examples: [[INDEX_BELOW, ['/Me/users']]] },
    );
  },
  300_000,
);
