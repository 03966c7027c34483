import { UnexpectedInternals } from '../../adapter-failure.ts';
import { decodePath } from '../../decode-path.ts';
import { linearPattern } from '../../linear-pattern.ts';
import { templateBelow, withoutEndSlashes } from '../../template.ts';
import { bracketed } from './literals.ts';
import { type BuildReader, type RouteTable, withoutBase } from './route-table.ts';

/** What is read of Astro's manifest, which is JSON inside of a file of the server. */
interface SerializedRoute {
  readonly routeData?: RouteData;
}
interface RouteData {
  readonly route: string;
  readonly pattern: string;
  readonly fallbackRoutes?: readonly RouteData[];
}

const ROUTES = /"adapterName":\s*"[^"]*"[^[]*"routes":\s*(?=\[)/;
const BASE = /"base":\s*("[^"]*"),\s*"trailingSlash"/;
const ASSETS = /"assets":\s*(?=\[)/;

/** Astro 5 to 7 with `@astrojs/node`, as a server of its own and as middleware. */
export const astroBuild: BuildReader = {
  name: 'Astro',
  isIn: (text) => text.includes('"routeData":') && text.includes('"adapterName":'),
  read: readTable,
};

function readTable(text: string): RouteTable {
  const serialized = parseAfter<SerializedRoute>(ROUTES, text);
  const routes = serialized?.flatMap(({ routeData }) => (routeData ? compile(routeData) : []));
  if (routes === undefined || routes.length === 0) {
    throw new UnexpectedInternals('its manifest has no routes in the form that is known');
  }
  const base = withoutEndSlashes(JSON.parse(BASE.exec(text)?.[1] ?? '""'));
  const assets = new Set(parseAfter<string>(ASSETS, text));
  return {
    match(path) {
      if (assets.has(path)) return undefined;
      const inner = withoutBase(path, base);
      if (inner === undefined) return undefined;
      const decoded = decodePath(inner, decodeURI);
      const found = routes.find(({ pattern }) => pattern.test(decoded));
      return found && templateBelow(base, found.template);
    },
  };
}

/** The list of JSON that follows a pattern. */
function parseAfter<T>(pattern: RegExp, text: string): T[] | undefined {
  const found = pattern.exec(text);
  const json = found && bracketed(text, found.index + found[0].length);
  return json ? JSON.parse(json) : undefined;
}

/** A route, and with `i18n` the ones of the languages that it also answers for. */
function compile({ route, pattern, fallbackRoutes = [] }: RouteData): { template: string; pattern: RegExp }[] {
  const linear = linearPattern(pattern);
  const own = linear === undefined ? [] : [{ template: route, pattern: new RegExp(linear) }];
  return [...own, ...fallbackRoutes.flatMap(compile)];
}
