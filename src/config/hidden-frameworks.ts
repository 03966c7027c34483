import { dirname, sep } from 'node:path';
import { type AppPackage, readNearestPackage } from './app-package.ts';

/**
 * A framework whose matched routes cannot be seen from outside: its requests are counted by APM_ROUTES or by guesses.
 * @property packages  an app that uses the framework depends on one of them
 * @property unseen    why the routes of a framework with an adapter were not found, and what else helps
 * @property syntax    how a route of the framework is written in APM_ROUTES; undefined where it is written the same way
 */
export interface HiddenFramework {
  readonly name: string;
  readonly packages: readonly string[];
  readonly syntax?: string;
  readonly unseen?: { readonly reason: string; readonly advice: string };
}

const files = (folder: string, file: string) => `${folder}/blog/${file} is /blog/:slug, [...path] is *`;
const OPTIONAL = '/blog/:id? is /blog,/blog/:id';
const BRACES = '/blog/{id} is /blog/:id';

/** React Router, Remix, SvelteKit and Astro. */
const UNSEEN_BUILD = {
  reason: 'but its build was not found: it is neither in `build` or `dist` nor imported by the main file',
  advice: 'Import it by a path that is written out, or name the pages',
};
const UNSEEN_PAGES = {
  reason: 'but no page of it was rendered on the server by Vue 3.3 or later',
  advice: 'Name the pages',
};

/** Where this package learns to read the routes of one of them, its adapter has the same name, and the row is not used. */
export const HIDDEN_FRAMEWORKS: readonly HiddenFramework[] = [
  { name: 'AdonisJS', packages: ['@adonisjs/core', '@adonisjs/http-server'], syntax: OPTIONAL },
  { name: 'Analog', packages: ['@analogjs/platform'], syntax: files('src/app/pages', '[slug].page.ts') },
  { name: 'Angular SSR', packages: ['@angular/ssr'], syntax: '/docs/** is /docs/*' },
  { name: 'Astro', packages: ['astro'], syntax: files('src/pages', '[slug].astro'), unseen: UNSEEN_BUILD },
  { name: 'LoopBack', packages: ['@loopback/rest'], syntax: BRACES },
  { name: 'Marble.js', packages: ['@marblejs/http'], syntax: '/docs/:path* is /docs/*' },
  { name: 'Moleculer Web', packages: ['moleculer-web'], syntax: '/docs/:path* is /docs/*' },
  { name: 'Nuxt', packages: ['nuxt'], syntax: files('pages', '[slug].vue'), unseen: UNSEEN_PAGES },
  { name: 'oRPC', packages: ['@orpc/server'], syntax: BRACES },
  { name: 'Qwik City', packages: ['@builder.io/qwik-city', '@qwik.dev/router'], syntax: files('src/routes', '[slug]') },
  {
    name: 'React Router',
    packages: ['@react-router/node', '@react-router/serve', '@react-router/express'],
    syntax: OPTIONAL,
    unseen: UNSEEN_BUILD,
  },
  {
    name: 'Remix',
    packages: ['@remix-run/node', '@remix-run/serve', '@remix-run/express'],
    syntax: 'app/routes/blog.$slug.tsx is /blog/:slug, docs.$.tsx is /docs/*',
    unseen: UNSEEN_BUILD,
  },
  { name: 'restana', packages: ['restana'] },
  { name: 'SolidStart', packages: ['@solidjs/start'], syntax: files('src/routes', '[slug].tsx') },
  { name: 'SvelteKit', packages: ['@sveltejs/kit'], syntax: files('src/routes', '[slug]'), unseen: UNSEEN_BUILD },
  {
    name: 'TanStack Start',
    packages: ['@tanstack/react-start', '@tanstack/solid-start'],
    syntax: 'src/routes/blog.$slug.tsx is /blog/:slug, docs.$.tsx is /docs/*',
  },
  { name: 'tinyhttp', packages: ['@tinyhttp/app'] },
  { name: 'Vike', packages: ['vike'], syntax: 'pages/blog/@slug is /blog/:slug' },
  { name: 'Waku', packages: ['waku'], syntax: files('src/pages', '[slug].tsx') },
];

/** The names of those that the app depends on. A build tool is often a development dependency. */
export function findHiddenFrameworks(app: AppPackage | undefined): string[] {
  if (app === undefined) return [];
  // Nitro writes a package.json of its own, which does not list what it has bundled.
  const isOutput = app.folder.split(sep).includes('.output');
  const above = isOutput ? readNearestPackage(dirname(app.folder)) : undefined;
  const depends = new Set(
    [app, above].flatMap((each) => Object.keys({ ...each?.dependencies, ...each?.devDependencies })),
  );
  return HIDDEN_FRAMEWORKS.filter(({ packages }) => packages.some((name) => depends.has(name))).map(({ name }) => name);
}
