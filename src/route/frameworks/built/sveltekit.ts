import { UnexpectedInternals } from '../../adapter-failure.ts';
import { decodePath } from '../../decode-path.ts';
import { linearPattern } from '../../linear-pattern.ts';
import { templateBelow } from '../../template.ts';
import { STRING, textOf } from './literals.ts';
import { type BuildReader, type RouteTable, withoutBase } from './route-table.ts';

interface Route {
  readonly template: string;
  readonly pattern: RegExp;
  readonly hasMatcher: boolean;
}

const REGEXP = String.raw`\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\]|\\.)*\])+)\/`;
/** One route in the manifest of the server. */
const ROUTE = new RegExp(String.raw`\bid:\s*(${STRING}),\s*pattern:\s*${REGEXP},\s*params:\s*\[([^\]]*)\]`, 'g');
/** `appPath` is `appDir` below the base. SvelteKit 3 writes them with underscores. */
const APP_PATH = new RegExp(String.raw`\bapp(?:_p|P)ath:\s*(${STRING})`);
const APP_DIR = new RegExp(String.raw`\bapp(?:_d|D)ir:\s*(${STRING})`);
const ASSETS = /\bassets:\s*new Set\((\[[^\]]*\])\)/;

/** What the browser appends to the path of a page for its data, or for its code. */
const SUFFIX = /(\.html__data\.json|\/__data\.json|\.html__route\.js|\/__route\.js)$/;

/** SvelteKit 2 and 3 with adapter-node. */
export const svelteKitBuild: BuildReader = {
  name: 'SvelteKit',
  isIn: (text) => text.includes('matchers:') && (text.includes('appDir:') || text.includes('app_dir:')),
  read: readTable,
};

function readTable(text: string): RouteTable {
  const routes = [...text.matchAll(ROUTE)].flatMap(([, id = '', pattern = '', params = '']) => {
    const linear = linearPattern(pattern);
    if (linear === undefined) return [];
    const hasMatcher = /\bmatcher\b/.test(params);
    return { template: templateOf(textOf(id) ?? ''), pattern: new RegExp(linear), hasMatcher };
  });
  if (routes.length === 0) throw new UnexpectedInternals('its manifest has no routes in the form that is known');
  const appDir = textOf(APP_DIR.exec(text)?.[1] ?? '') ?? '_app';
  const appPath = textOf(APP_PATH.exec(text)?.[1] ?? '') ?? appDir;
  const base = appPath === appDir ? '' : `/${appPath.slice(0, -appDir.length - 1)}`;
  const assets = new Set(
    [...(ASSETS.exec(text)?.[1] ?? '').matchAll(new RegExp(STRING, 'g'))].map(([file]) => textOf(file)),
  );
  return {
    match(path) {
      const inner = withoutBase(path, base);
      if (inner === undefined || inner.startsWith(`/${appDir}/`)) return undefined;
      const page = decodePath(inner.replace(SUFFIX, '') || '/', decodeURI);
      if (assets.has(page.slice(1))) return undefined;
      const template = find(routes, page);
      return template && templateBelow(base, template);
    },
  };
}

/**
 * Matchers are functions of the app, so they are not called. Of two routes that only a matcher tells apart, such as
 * `/items/[id=integer]` and `/items/[slug]`, all requests are counted by the one without.
 */
function find(routes: readonly Route[], path: string): string | undefined {
  const first = routes.find(({ pattern }) => pattern.test(path));
  if (first === undefined || !first.hasMatcher) return first?.template;
  const twin = routes.find(({ hasMatcher, pattern }) => !hasMatcher && pattern.source === first.pattern.source);
  return (twin ?? first).template;
}

/** The route's id as its owner sees it in the address bar: `(group)` is only a folder, `[x+2e]` is a character. */
function templateOf(id: string): string {
  const segments = id.split('/').filter((segment) => segment !== '' && !/^\([^)]+\)$/.test(segment));
  const text = segments
    .join('/')
    .replace(/\[[xu]\+([\da-f-]+)\]/gi, (_, codes: string) =>
      String.fromCodePoint(...codes.split('-').map((code) => Number.parseInt(code, 16))),
    );
  return `/${text}`;
}
