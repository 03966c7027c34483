import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/root.ts';
import { checkNpm } from '../support/setup.ts';
import { findPackageSets } from './all.ts';

const { movePin } = await import(new URL('../../scripts/versions/package-pins.mjs', import.meta.url).href);

const pins = (await findPackageSets()).flatMap(({ set, file, version: key = '' }) =>
  Object.entries({ ...set.packages, ...set.overrides }).map(([name, spec]) => ({
    title: `${name} of ${set.title}`,
    file,
    key,
    name,
    current: spec.slice(spec.lastIndexOf('@') + 1),
  })),
);

it.each(pins)('npm run versions can update $title', ({ file, ...pin }) => {
  const text = readFileSync(join(root, file), 'utf8');
  const moved: string = movePin(text, { ...pin, newest: '99.9.9' });
  const before = text.split('\n');
  const changed = moved.split('\n').filter((line, i) => line !== before[i]);
  expect(changed).toEqual([expect.stringContaining('99.9.9')]);
  expect(moved.split('\n').length).toBe(before.length);
});

it('npm run versions detects a pin that it cannot find', () => {
  const pin = { key: '1', name: 'a', current: '1.0.0', newest: '1.1.0' };
  expect(movePin("{ '1': { packages: { b: '1.0.0' } } }", { ...pin, current: '2.0.0' })).toBe(undefined);
});

it('the tests refuse an npm that is too old, and report the needed version', () => {
  expect(() => checkNpm('npm/9.8.1 node/v20.19.0 linux x64 workspaces/false')).toThrow(
    'npm is 9.8.1, and the tests need 10 or newer: npm install --global npm',
  );
  checkNpm('npm/11.19.1 node/v20.20.2 linux x64 workspaces/false');
  checkNpm('pnpm/9.0.0 npm/? node/v20.20.2 linux x64');
  checkNpm(undefined);
});
