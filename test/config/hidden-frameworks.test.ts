import { expect, it } from 'vitest';
import { findHiddenFrameworks, HIDDEN_FRAMEWORKS } from '../../src/config/hidden-frameworks.ts';

const app = (more: object) => ({ name: 'app', folder: '/app', ...more });

it('finds the frameworks that the app depends on, also for its build only', () => {
  expect(findHiddenFrameworks(undefined)).toEqual([]);
  expect(findHiddenFrameworks(app({}))).toEqual([]);
  expect(
    findHiddenFrameworks(app({ dependencies: { '@remix-run/serve': '2' }, devDependencies: { '@sveltejs/kit': '2' } })),
  ).toEqual(['Remix', 'SvelteKit']);
});

it('has each framework once, by a name of its own', () => {
  const names = HIDDEN_FRAMEWORKS.map(({ name }) => name);
  const packages = HIDDEN_FRAMEWORKS.flatMap((each) => each.packages);
  expect(names).toEqual([...new Set(names)].sort((a, b) => a.localeCompare(b, 'en')));
  expect(packages.length).toBe(new Set(packages).size);
});
