import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** The forms in which build tools write routes. Real builds are in test/frameworks and test/programs. */
const REACT_ROUTER = `const assetsBuildDirectory = "build/client";
const routes = { "root": { id: "root", parentId: void 0, path: "", index: void 0, caseSensitive: void 0, module: a },
  "user": { id: "user", parentId: "root", path: "users/:id", index: void 0, caseSensitive: void 0, module: b } };`;
const SVELTE_KIT = `export const manifest = { appDir: "_app", appPath: "_app", assets: new Set(["logo.png"]), _: { routes: [
  { id: "/(app)/users/[id]", pattern: /^\\/users\\/([^/]+?)\\/?$/, params: [{"name":"id"}], page: null },
  { id: "/[...rest]", pattern: /^(?:\\/([^]*))?\\/?$/, params: [{"name":"rest"}], page: null } ],
  matchers: async () => ({}) } };`;
const ASTRO = `deserializeManifest({"adapterName":"@astrojs/node","routes":[{"routeData":{"route":"/users/[id]",
  "pattern":"^\\\\/users\\\\/([^/]+?)\\\\/?$","fallbackRoutes":[{"route":"/ko/users/[id]","pattern":"^\\\\/ko\\\\/users\\\\/([^/]+?)\\\\/?$"}]}}],
  "base":"/docs/","trailingSlash":"ignore","assets":["/docs/robots.txt"]})`;

let folder: string;
const argv = [...process.argv];
let logged: string[] = [];
beforeEach(() => {
  // A program has one build, so each test gets modules of its own.
  vi.resetModules();
  folder = mkdtempSync(join(tmpdir(), 'apm-built-'));
  logged = [];
  vi.spyOn(console, 'error').mockImplementation((line) => void logged.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.argv = argv;
  rmSync(folder, { recursive: true });
});

/** Starts a program, as far as its files and arguments are concerned. @returns what its requests are counted by */
async function program(main: string, files: Record<string, string>, args: string[] = []) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  process.argv = [process.execPath, join(folder, main), ...args.map((arg) => join(folder, arg))];
  const { adaptersFor } = await import('../../../src/route/frameworks/index.ts');
  const { RouteResolver } = await import('../../../src/route/resolver.ts');
  const { RECORD, RequestRecord } = await import('../../../src/requests/request-record.ts');
  const resolver = new RouteResolver({
    adapters: adaptersFor(() => true),
    routes: [],
    isIgnored: undefined,
    maxPaths: 500,
  });
  const server = { listeners: () => [] };
  return (url: string, status = 200) => {
    const key = {};
    const record = new RequestRecord(key as never, server, 'GET', url);
    Object.assign(key, { [RECORD]: record });
    record.status = status;
    return resolver.resolve(record).path;
  };
}

describe('the routes of a build are found', () => {
  it.each([
    ['in the main file', 'index.js', { 'index.js': REACT_ROUTER }],
    [
      'in what it imports',
      'a.js',
      { 'a.js': "import './b.js';", 'b.js': "await import('./c/d.mjs');", 'c/d.mjs': REACT_ROUTER },
    ],
    ['at a path in a text', 'a.js', { 'a.js': "const BUILD = './out/x.js';", 'out/x.js': REACT_ROUTER }],
    ['in the usual folder', 'a.js', { 'a.js': '', 'build/server/index.js': REACT_ROUTER }],
    ['from a folder beside it', 'dist/a.js', { 'dist/a.js': '', 'build/server/index.js': REACT_ROUTER }],
    [
      'in a folder that is run',
      'build',
      { 'build/index.js': "import './handler.js'", 'build/handler.js': REACT_ROUTER },
    ],
  ])('%s', async (_, main, files) => {
    const pathOf = await program(main, files as unknown as Record<string, string>);
    expect([pathOf('/users/ann'), pathOf('/nowhere', 404)]).toEqual(['/users/:id', 'unmatched']);
  });

  it('in the file that a tool gets as its argument', async () => {
    const pathOf = await program('node_modules/.bin/serve', { 'x/y.js': REACT_ROUTER }, ['x/y.js']);
    expect(pathOf('/users/ann')).toBe('/users/:id');
  });
});

it('pipes and other arguments of the program are not read', async () => {
  const pipes = ['x.js', 'y.fifo'].map((name) => join(folder, name));
  for (const pipe of pipes) execFileSync('mkfifo', [pipe]);
  for (const name of ['x.js', 'y.fifo', 'z.txt']) {
    vi.resetModules();
    const pathOf = await program('a.js', { 'a.js': '', 'z.txt': REACT_ROUTER }, [name]);
    expect(pathOf('/users/ann')).toBe('/users/ann');
  }
});

it('a big file is read only where a package.json names such a framework', async () => {
  const big = { 'a.js': `${REACT_ROUTER}//${'x'.repeat(600_000)}` };
  const pathOf = await program('a.js', { ...big, 'package.json': '{"dependencies":{"express":"5"}}' });
  expect(pathOf('/users/ann')).toBe('/users/ann');
  vi.resetModules();
  const pathOfApp = await program('a.js', { ...big, 'package.json': '{"dependencies":{"@react-router/node":"7"}}' });
  expect(pathOfApp('/users/ann')).toBe('/users/:id');
});

it('a path that is too long has no route', async () => {
  const pathOf = await program('a.js', { 'a.js': SVELTE_KIT });
  expect(pathOf(`/users/${'a'.repeat(600)}`)).not.toBe('/users/[id]');
  expect(pathOf('/users/ann')).toBe('/users/[id]');
});

it('a program without a build is counted by the shape of its paths, and nothing is logged', async () => {
  const pathOf = await program('a.js', { 'a.js': "import './a.js'; import './gone.js';" });
  expect([pathOf('/users/42'), pathOf('/users/ann')]).toEqual(['/users/:id', '/users/ann']);
  expect(logged).toEqual([]);
});

it('groups leave a route of SvelteKit, and files are not counted by a route for all paths', async () => {
  const pathOf = await program('a.js', { 'a.js': SVELTE_KIT });
  const paths = ['/users/ann', '/a/b', '/users/ann/__data.json', '/logo.png', '/_app/immutable/start.js'];
  expect(paths.map((path) => pathOf(path))).toEqual([
    '/users/[id]',
    '/[...rest]',
    '/users/[id]',
    '/logo.png',
    '/_app/immutable/*.js',
  ]);
});

it('a route of Astro has its base, and answers for the languages without a page of their own', async () => {
  const pathOf = await program('a.js', { 'a.js': ASTRO });
  const paths = ['/docs/users/ann', '/docs/ko/users/ann', '/docs/robots.txt', '/users/ann'];
  expect(paths.map((path) => pathOf(path))).toEqual([
    '/docs/users/[id]',
    '/docs/ko/users/[id]',
    '/docs/robots.txt',
    '/users/ann',
  ]);
});

it.each([
  [
    'React Router',
    REACT_ROUTER.replaceAll('caseSensitive', 'exact'),
    'its server build has no routes in the form that is known',
  ],
  ['SvelteKit', SVELTE_KIT.replaceAll('pattern', 'regex'), 'its manifest has no routes in the form that is known'],
  ['Astro', ASTRO.replace('"routes"', '"paths"'), 'its manifest has no routes in the form that is known'],
])('a build of %s in an unknown form is reported once', async (framework, text, cause) => {
  const pathOf = await program('a.js', { 'a.js': text });
  expect([pathOf('/users/42'), pathOf('/users/43')]).toEqual(['/users/:id', '/users/:id']);
  expect(logged).toEqual([
    `[@org/apm] could not read the routes of ${framework}: ${cause}; its requests are counted by the shape of their paths. Report this with the versions of ${framework} and Node.js, and name the routes with APM_ROUTES`,
  ]);
});
