import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { waitForCounts } from '../../frameworks/contract.ts';
import { installPackages } from '../../packages/install.ts';
import { EXPRESS_BELOW } from '../../packages/tools.ts';
import { root, startApp } from '../../support/app.ts';

describe('Express below code that removes the start of the URL', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await installPackages(EXPRESS_BELOW);
    file = join(folder, 'below.mjs');
    await copyFile(join(root, 'test/apps/express/below.mjs'), file);
  }, 300_000);

  async function count(args: string[], lines: readonly string[]): Promise<Record<string, number>> {
    const app = await startApp(file, { cwd: folder, args });
    for (const line of lines) {
      const [path = '', stop] = line.split(' ');
      await (await fetch(app.url(path), stop === undefined ? {} : { headers: { 'x-stop': 'yes' } })).text();
    }
    return waitForCounts(app, lines.length);
  }

  const REQUESTS = [
    '/admin/users/5',
    '/users/5',
    '/admin/users/6?a=/b',
    // The app removes the language itself.
    '/admin/en/users/6',
    '/en/users/6',
    '/admin',
    '/admin/?x',
    '/admin/teams/a/items/x',
    '/admin/fails/x',
    '/admin/nothing',
    // Its middleware answers 401.
    '/admin/users/7 stop',
    '/admin/teams/b/items/7 stop',
  ];

  test.each([
    ['listener', 'express', '/users/:id', '/users/:id'],
    ['listener', 'express-4', '/users/:id', '/users/:id'],
    ['connect', 'express', '/users/:id', '/users/:id'],
    ['polka', 'express', '/users/:id', '/en/users/:id'],
    ['middie', 'express', '/users/:id', '/en/users/:id'],
    ['middie', 'express-4', '/users/:id', '/en/users/:id'],
    ['express', 'express-4', '/users/:id', '/en/users/:id'],
  ])('by %s, in %s: its routes have that part too', async (way, version, outside, language) => {
    const expected: Record<string, number> = {
      'GET /admin 200': 2,
      'GET /admin/fails/:id 500': 1,
      'GET /admin/teams/:team/items/:item 200': 1,
      'GET /admin/teams/:team/items/:item 401': 1,
      'GET /admin/users/:id 200': 3,
      'GET /admin/users/:id 401': 1,
      'GET unmatched 404': 1,
    };
    for (const route of [outside, language]) {
      expected[`GET ${route} 200`] = (expected[`GET ${route} 200`] ?? 0) + 1;
    }
    expect(await count([way, version], REQUESTS)).toEqual(expected);
  });

  test('a part of several segments', async () => {
    const paths = ['/stage/v2/users/5', '/stage/v2/users/6', '/stage/v2/teams/a/items/x', '/stage/v2/nothing'];
    expect(await count(['stage', 'express'], paths)).toEqual({
      'GET /stage/v2/users/:id 200': 2,
      'GET /stage/v2/teams/:team/items/:item 200': 1,
      'GET unmatched 404': 1,
    });
  });

  test('words that a client chooses in that part are no labels, nor are values', async () => {
    const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'acme', 'globex', 'EN'];
    const ids = ['42', '3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'ann@example.org', 'a%20b'];
    const paths = [...ids, ...words].map((each) => `/${each}/users/5`);
    expect(await count(['tenants', 'express'], paths)).toEqual({
      'GET /:id/users/:id 200': 4,
      'GET /:prefix/users/:id 200': 11,
    });
  });

  test('a language that the listener names keeps its label, whatever others a client sends before', async () => {
    const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'en', 'de'];
    expect(
      await count(
        ['languages', 'express'],
        words.map((each) => `/${each}/users/5`),
      ),
    ).toEqual({
      'GET /:prefix/users/:id 200': 9,
      'GET /en/users/:id 200': 1,
      'GET /de/users/:id 200': 1,
    });
  });

  test('slashes in front are no part of a label, however many', async () => {
    const paths = ['///users/5', `/x${'/'.repeat(15_000)}users/5`];
    expect(await count(['slashes', 'express'], paths)).toEqual({ 'GET /users/:id 200': 1, 'GET unmatched 404': 1 });
  });
});
