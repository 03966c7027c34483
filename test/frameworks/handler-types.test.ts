import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { installPackages } from '../packages/install.ts';
import type { PackageSet } from '../packages/package-set.ts';
import { FRAMEWORK_TYPES } from '../packages/tools.ts';
import { root } from '../support/root.ts';
import connect from './connect/table.ts';
import express from './express/table.ts';
import fastify from './fastify/table.ts';
import { type Framework, newestOf, packageSetOf } from './framework.ts';
import h3 from './h3/table.ts';
import { exampleOf } from './handler-example.ts';
import hapi from './hapi/table.ts';
import hono from './hono/table.ts';
import koa from './koa/table.ts';
import nest from './nest/table.ts';
import next from './next/table.ts';
import polka from './polka/table.ts';
import restify from './restify/table.ts';

const newest = (framework: Framework) => packageSetOf(framework, newestOf(framework));

/** The example of a heading, by its number, with the packages whose types it is compiled with. */
const EXAMPLES: readonly (readonly [heading: string, packages: PackageSet, number?: number])[] = [
  ['node:http', newest(connect)],
  ['node:http2', newest(connect)],
  ['Express', newest(express)],
  ['connect', newest(connect)],
  ['Polka', newest(polka)],
  ['restify', newest(restify)],
  ['Fastify', packageSetOf(fastify, '4')],
  ['Fastify', newest(fastify)],
  ['Koa', newest(koa)],
  ['Hono', packageSetOf(hono, '4.4 with node-server 1')],
  ['Hono', newest(hono)],
  ['hapi', newest(hapi)],
  ['Nest', newest(nest)],
  ['h3 1', packageSetOf(h3, '1')],
  ['h3 2', packageSetOf(h3, '2')],
  ['Next.js', newest(next), 1],
  ['Next.js', newest(next), 2],
  ['A handler of your own', newest(express), 1],
  ['A handler of your own', newest(fastify), 2],
];

it('compiles in TypeScript with the types of each framework', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apm-types-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const types = join(await installPackages(FRAMEWORK_TYPES), 'node_modules/@types');
  await mkdir(join(folder, 'node_modules/@org'), { recursive: true });
  await symlink(root, join(folder, 'node_modules/@org/apm'));
  await symlink(types, join(folder, 'node_modules/@types'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const files: string[] = [];
  for (const [heading, packages, number] of EXAMPLES) {
    const app = join(folder, `${files.length}`);
    await mkdir(app);
    await writeFile(join(app, 'package.json'), '{ "type": "module" }');
    await symlink(join(await installPackages(packages), 'node_modules'), join(app, 'node_modules'));
    const file = join(app, `${heading.replace(/\W/g, '-')}.ts`);
    await writeFile(file, await exampleOf(heading, number));
    files.push(file);
  }
  const wrong = join(folder, 'wrong.ts');
  await writeFile(
    wrong,
    `import { setupApm } from '@org/apm';
// @ts-expect-error it answers no request without its arguments
setupApm().handler();
// @ts-expect-error a text is no request
setupApm().handler('/metrics');
`,
  );
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--experimentalDecorators', '--preserveSymlinks'];
  const flags = [...options, '--module', 'nodenext', '--target', 'es2022', '--typeRoots', types, '--types', 'node'];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const compiled = await promisify(execFile)(process.execPath, [tsc, ...flags, ...files, wrong], { cwd: folder }).catch(
    (failed: { stdout: string }) => failed,
  );
  expect(compiled.stdout).toBe('');
});
