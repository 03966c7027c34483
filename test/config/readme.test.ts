import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../support/root.ts';

it('has tables in the README that match the code', async () => {
  const flags = ['--import', 'tsx', join(root, 'scripts/readme.mjs'), '--check'];
  const check = promisify(execFile)(process.execPath, flags, { cwd: root });
  expect(await check).toEqual({ stdout: '', stderr: '' });
});

it('links only to existing files', async () => {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const links = [...text.matchAll(/\]\(((?!https?:|#)[^)#]+)/g)].map(([, path]) => path as string);
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

/** The cells of each row of the tables under a heading, by the first cell. */
function rowsOf(text: string, heading: string): Map<string, string[]> {
  const [, section = ''] = text.split(heading);
  const [body = ''] = section.split(/^## /m);
  const rows = [...body.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) => row.split(' | ').map((cell) => cell.trim()));
  return new Map(rows.map(([name = '', ...cells]) => [name, cells]));
}

it('has the figures of the last bench of apm compare, each in its place', async () => {
  const [english, korean, bench] = (await Promise.all(
    ['README.md', 'README.ko.md', 'bench/COMPARE.md'].map((file) => readFile(join(root, file), 'utf8')),
  )) as [string, string, string];
  const wrong = rowsOf(bench, '## Any cell called better or worse');
  const found = rowsOf(bench, '## Found where everything became faster');
  const sources = ['rounds', 'recordings', 'Prometheus', 'versions, fine', 'versions, Prometheus'];
  const expected = sources.map((source) => [
    wrong.get(source)?.at(2),
    found.get(`${source}, 10 % faster`)?.at(0),
    found.get(`${source}, 10 % faster`)?.at(2),
  ]);
  expect(expected.flat().every((cell) => /^[\d.]+ %/.test(cell ?? ''))).toBe(true);
  for (const text of [english, korean]) {
    const table = [...text.matchAll(/^\| [^|]+ \| ([\d.]+ %) \| ([\d.]+ % \/ [^|]+) \| ([\d.]+ % \/ [^|]+) \|$/gm)];
    expect(table.map(([, ...cells]) => cells)).toEqual(expected);
  }
});
