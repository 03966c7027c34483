import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/root.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const importsOf = (text: string) =>
  [...text.matchAll(/import\s+([^;]*?)\s+from\s+'([^']+)'/g)].map(([, names = '', from = '']) => [names, from]);

it('asks the statistics of apm compare for nothing but a whole comparison in its bench', () => {
  const files = readdirSync(join(root, 'bench/compare')).filter((name) => name.endsWith('.mjs'));
  const own = files.flatMap((name) => importsOf(read(`bench/compare/${name}`)));
  const statistics = own.filter(([, from]) => from?.includes('/statistics/'));
  expect(statistics).toEqual([['{ compareSides }', '../../dist/statistics/compare.js']]);
  expect(files.filter((name) => /\bimport\(|\brequire\(|createRequire/.test(read(`bench/compare/${name}`)))).toEqual(
    [],
  );
});

it.each(['src/cli/compare/command.ts', 'src/page/browser/model/compare.ts'])(
  'compares with the same function in %s',
  (file) => {
    const text = read(file);
    const functions = importsOf(text).filter(
      ([names, from]) => from?.includes('statistics/') && !/^type /.test(names ?? ''),
    );
    expect(functions.map(([names, from]) => [names, from?.replace(/^(\.\.\/)+/, '')])).toEqual([
      ['{ compareSides }', 'statistics/compare.ts'],
    ]);
    expect(text.match(/\bcompareSides\(/g)?.length).toBe(1);
  },
);
