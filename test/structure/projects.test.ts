import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import vitestConfig from '../../vitest.config.ts';
import { LONGEST } from '../support/longest-first.ts';
import { projectOf, testFiles } from '../support/projects.ts';
import { root } from '../support/root.ts';

it('runs each test file in exactly one project', () => {
  const projects = vitestConfig.test?.projects as { test: { include: string[] } }[];
  const run = projects.flatMap(({ test }) => test.include).sort();
  expect(run).toEqual(testFiles());
});

it('has no test file that vitest would not find by its name', () => {
  const names = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  expect(names.filter((name) => /\b(test|spec)\.[cm]?[jt]sx?$/.test(name) && !name.endsWith('.test.ts'))).toEqual([]);
});

it.each([
  ['test/structure/projects.test.ts', 'unit'],
  ['test/hostile/clock.test.ts', 'apps'],
  ['test/frameworks/contract-1.test.ts', 'frameworks'],
  ['test/databases/servers.test.ts', 'databases'],
  ['test/stack/rules.test.ts', 'stack'],
  ['test/hostile/fuzz.test.ts', 'stack'],
  ['test/page/connection.test.ts', 'browser'],
  ['test/soak.test.ts', 'soak'],
])('runs %s in %s', (file, project) => {
  expect(projectOf(file)).toBe(project);
});

it('lets no unit test start a process', () => {
  // Not by `import`, which would put this file into the project `apps`.
  const { spawn } = process.getBuiltinModule('node:child_process');
  expect(() => spawn('node')).toThrow('a unit test started a process (node)');
});

it('lists only existing files as those that start first', () => {
  expect(LONGEST.filter((file) => !testFiles().includes(file))).toEqual([]);
});
