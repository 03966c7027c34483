import { requestPath } from '../../../base/request-path.ts';
import { type RequestKey, recordOf } from '../../../requests/request-record.ts';
import type { RouteAdapter } from '../../adapter.ts';
import { guardAdapter } from '../../adapter-failure.ts';
import { MAX_PATH_CHARS, PathCache } from '../../path-cache.ts';
import { astroBuild } from './astro.ts';
import { readProgramFiles } from './program-files.ts';
import { reactRouterBuild, remixBuild } from './react-router.ts';
import type { BuildReader, RouteTable } from './route-table.ts';
import { svelteKitBuild } from './sveltekit.ts';

const READERS = [reactRouterBuild, remixBuild, svelteKitBuild, astroBuild];

/** The build that this program runs; `none` where it runs none, or one whose routes cannot be read. */
type Build = { readonly framework: string; readonly table: RouteTable } | 'none';
let build: Build | undefined;

/** Searched once, when a request of this process has ended without an exact route. */
function findBuild(): Build {
  build = 'none';
  for (const content of readProgramFiles()) {
    // All that is searched for is ASCII, and this encoding takes a tenth of the time.
    const text = content.toString('latin1');
    const reader = READERS.find((each) => each.isIn(text));
    if (reader === undefined) continue;
    const { name } = reader;
    guardAdapter(name, () => {
      build = { framework: name, table: reader.read(content.toString()) };
    });
    break;
  }
  return build;
}

/**
 * Frameworks whose build tool compiles the app. They match a request in closures that neither Node's request nor the server
 * leads to, so their routes are read from the file of the build that has them, and matched here as the framework does it.
 * The framework is recognised by the first request with a route of that table. All servers of a process share its build.
 */
function createBuiltAdapter({ name }: BuildReader): RouteAdapter {
  const matches = new PathCache<string>();

  const match = (key: RequestKey): string | undefined => {
    const running = build ?? findBuild();
    if (running === 'none' || running.framework !== name) return undefined;
    const url = recordOf(key)?.url;
    if (url === undefined) return undefined;
    const path = requestPath(url);
    if (path.length > MAX_PATH_CHARS) return undefined;
    return matches.find(path, url, () => running.table.match(path));
  };
  return { name, recogniseRequest: (key) => match(key) !== undefined, routeOf: match };
}

export const reactRouter = createBuiltAdapter(reactRouterBuild);
export const remix = createBuiltAdapter(remixBuild);
export const svelteKit = createBuiltAdapter(svelteKitBuild);
export const astro = createBuiltAdapter(astroBuild);
