import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Framework } from '../frameworks/framework.ts';
import { lineOf, NODE_LINES, NODE_PINS } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import { findPackageSets } from './all.ts';
import { LOCKS_FOLDER, lockFileOf } from './lock-file.ts';
import { findLockProblems } from './lock-problems.ts';
import type { PackageSet } from './package-set.ts';

const sets = await findPackageSets();

describe('what the tests install', () => {
  it.each(sets.map(({ set }) => [set.title, set] as const))('is fully locked: %s', (_, set) => {
    expect(findLockProblems(set)).toEqual([]);
  });

  it('has exact versions', () => {
    const specs = sets.flatMap(({ set }) => [...Object.values(set.packages), ...Object.values(set.overrides ?? {})]);
    expect(specs.filter((spec) => !/^(npm:.+@)?\d+\.\d+\.\d+$/.test(spec))).toEqual([]);
  });

  it('has one lock file per set, and no other lock file exists', () => {
    const names = sets.map(({ set }) => basename(lockFileOf(set))).sort();
    expect(new Set(names).size).toBe(names.length);
    expect(readdirSync(LOCKS_FOLDER).sort()).toEqual(names);
  });

  it('comes from the registry that npm is configured for', () => {
    const texts = readdirSync(LOCKS_FOLDER).map((name) => readFileSync(join(LOCKS_FOLDER, name), 'utf8'));
    expect(texts.filter((text) => text.includes('://'))).toEqual([]);
  });
});

it('reports which lock file does not match its set, and the difference', () => {
  const { set } = sets.find(({ set }) => set.title === 'Koa-2 with koa-router 12') as { set: PackageSet };
  const file = lockFileOf(set);
  const packages = { ...set.packages, koa: '3.3.0' };
  expect(findLockProblems({ ...set, packages })).toEqual([`${file}: koa is 2.16.4, and the set has 3.3.0`]);
  expect(findLockProblems({ ...set, title: 'nothing' })).toEqual([
    `nothing has no lock file ${join(LOCKS_FOLDER, 'nothing.json')}: npm run versions -- --locks writes it`,
  ]);
});

describe('the Nodes that the tests run on', () => {
  it('are one exact release of each line', () => {
    expect(Object.keys(NODE_PINS)).toEqual([...NODE_LINES]);
    for (const [line, { version, elsewhere = {} }] of Object.entries(NODE_PINS)) {
      for (const each of [version, ...Object.values(elsewhere)]) {
        expect(each).toMatch(/^\d+\.\d+\.\d+$/);
        expect(lineOf(each)).toBe(line);
      }
    }
  });

  it('include the oldest releases that package.json allows', () => {
    const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const [first, second] = Object.values(NODE_PINS).filter(({ oldestSupported }) => oldestSupported);
    expect(engines.node).toBe(`^${first?.version} || >=${second?.version}`);
  });

  it('include every release on which a table says that a framework answers wrongly', async () => {
    const pinned = Object.values(NODE_PINS).flatMap(({ version, elsewhere = {} }) => [
      version,
      ...Object.values(elsewhere),
    ]);
    for (const file of new Set(sets.map((each) => each.file).filter((file) => file.endsWith('/table.ts')))) {
      const { default: framework } = (await import(join(root, file))) as { default: Framework };
      const named = framework.requests.flatMap(([, , , extras]) => Object.keys(extras?.brokenOn ?? {}));
      expect(named.filter((version) => !(pinned as string[]).includes(version))).toEqual([]);
    }
  });
});
