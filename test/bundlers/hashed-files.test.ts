import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { BUNDLERS } from '../packages/tools.ts';
import { startApp } from '../support/app.ts';
import { waitForRequests } from '../support/outcome.ts';
import { root } from '../support/root.ts';
import { atEnd, shared } from '../support/shared.ts';
import { writeWebsite } from './website.ts';

const run = promisify(execFile);

/** The arguments of Node that build into `out/NAME`. */
const BUILDS: Readonly<Record<string, readonly string[]>> = {
  vite: ['../node_modules/vite/bin/vite.js', 'build'],
  rollup: ['../node_modules/rollup/dist/bin/rollup', '--config', '--silent'],
  webpack: [
    '-e',
    `require('webpack')(require('./webpack.config.cjs'), (error, stats) => { if (error || stats.hasErrors()) process.exitCode = 1; })`,
  ],
  esbuild: ['esbuild.mjs'],
};

/** What each has built is served from a folder of its name, with the paths that it must be counted with. */
const COUNTED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  vite: {
    '/vite/index.html': 1,
    '/vite/assets/*.js': 37,
    '/vite/assets/*.js.map': 37,
    '/vite/assets/*.css': 1,
    '/vite/assets/*.svg': 1,
  },
  rollup: { '/rollup/*.js': 37, '/rollup/*.js.map': 37 },
  webpack: { '/webpack/*.js': 37, '/webpack/*.js.map': 37, '/webpack/*.svg': 1 },
  esbuild: {
    '/esbuild/*.js': 37,
    '/esbuild/*.js.map': 37,
    '/esbuild/*.css': 1,
    '/esbuild/*.css.map': 1,
    '/esbuild/*.svg': 1,
  },
};

const website = shared(async () => {
  const installed = await installPackages(BUNDLERS);
  const made = await mkdtemp(join(installed, 'website-'));
  atEnd(() => rm(made, { recursive: true, force: true }));
  await writeWebsite(made);
  return made;
}, 300_000);

it.each(Object.entries(BUILDS))('all files that %s has built are counted by folder and type', async (name, build) => {
  const env = { PATH: process.env.PATH, NODE_ENV: 'production' };
  await run(process.execPath, [...build], { cwd: website(), env });
  const out = join(website(), 'out');
  const files = (await readdir(join(out, name), { recursive: true, withFileTypes: true })).filter((each) =>
    each.isFile(),
  );
  const app = await startApp(join(root, 'test/apps/website/server.mjs'), { args: [out] });
  for (const file of files) {
    const path = relative(out, join(file.parentPath, file.name));
    expect((await fetch(app.url(`/${path}`))).status, path).toBe(200);
  }
  const expected = Object.entries(COUNTED[name] ?? {}).map(([path, count]) => [`GET ${path} 200`, count]);
  expect(await waitForRequests(app, files.length)).toEqual(Object.fromEntries(expected));
});
