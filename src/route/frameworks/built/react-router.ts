import { UnexpectedInternals } from '../../adapter-failure.ts';
import { decodePath } from '../../decode-path.ts';
import { templateBelow, withoutEndSlashes } from '../../template.ts';
import { STRING, textOf } from './literals.ts';
import { type BuiltRoute, matchBranch, rankBranches } from './route-branches.ts';
import { type BuildReader, type RouteTable, withoutBase } from './route-table.ts';

/** One route in the server build. Bundlers and minifiers keep the names and their order. */
const ROUTE = new RegExp(
  String.raw`\bid:\s*(${STRING}),\s*parentId:\s*(${STRING}|[\w ]+),\s*path:\s*(${STRING}|[\w ]+),\s*` +
    String.raw`index:\s*(true|!0|[\w! ]+),\s*caseSensitive:\s*(true|!0|[\w! ]+),\s*module:`,
  'g',
);
const BASENAME = new RegExp(String.raw`\b(?:const|let|var) basename\s*=\s*(${STRING})`);

/** React Router 7 and 8 in framework mode, and Remix 2: the same build with other imports. */
const createReader = (name: string, isNamed: (text: string) => boolean): BuildReader => ({
  name,
  isIn: (text) =>
    text.includes('parentId') && (text.includes('assetsBuildDirectory') || text.search(ROUTE) >= 0) && isNamed(text),
  read: readTable,
});

const isRemix = (text: string): boolean => text.includes('RemixServer');

export const reactRouterBuild = createReader('React Router', (text) => !isRemix(text));
export const remixBuild = createReader('Remix', isRemix);

function readTable(text: string): RouteTable {
  const routes = [...text.matchAll(ROUTE)].map(([, id = '', parent = '', path = '', index = '', cased = '']) => ({
    id: textOf(id) ?? '',
    parentId: textOf(parent) ?? '',
    path: textOf(path),
    isIndex: isTrue(index),
    isCaseSensitive: isTrue(cased),
  })) satisfies BuiltRoute[];
  if (routes.length === 0) throw new UnexpectedInternals('its server build has no routes in the form that is known');
  const branches = rankBranches(routes);
  const base = withoutEndSlashes(textOf(BASENAME.exec(text)?.[1] ?? '') ?? '');
  const manifest = manifestPathIn(text);
  return {
    match(path) {
      const inner = withoutBase(path, base);
      if (inner === undefined) return undefined;
      if (inner === manifest) return templateBelow(base, inner);
      const template = matchBranch(branches, decodePath(pagePath(inner), decodeSegments));
      return template && templateBelow(base, template);
    },
  };
}

const MANIFEST_PATH = new RegExp(String.raw`\bmanifestPath["']?:\s*(${STRING})`);
const DEFAULT_MANIFEST_PATH = '/__manifest';

/** Where the browser asks which routes there are. Builds that name no path have the default one, or do not answer. */
function manifestPathIn(text: string): string | undefined {
  const named = textOf(MANIFEST_PATH.exec(text)?.[1] ?? '');
  if (named !== undefined) return named;
  const isLazy = isRemix(text)
    ? /v3_lazyRouteDiscovery["']?:\s*(true|!0)/.test(text)
    : !text.includes('routeDiscovery');
  return isLazy ? DEFAULT_MANIFEST_PATH : undefined;
}

const isTrue = (literal: string): boolean => literal === 'true' || literal === '!0';

/** The browser gets the data of the page `/users/5` from `/users/5.data`, and that of `/` from `/_root.data`. */
function pagePath(path: string): string {
  if (!path.endsWith('.data')) return path;
  return path.replace(/(\/_root|\/_|)\.data$/, '') || '/';
}

/** A slash in a parameter's value does not end the segment. */
const decodeSegments = (path: string): string =>
  path
    .split('/')
    .map((segment) => decodeURIComponent(segment).replaceAll('/', '%2F'))
    .join('/');
