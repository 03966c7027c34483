import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { apm } from '../../run.ts';
import { emptyFolder, record, varyingBlocks } from '../recording.ts';

const START = Date.parse('2026-11-23T07:00:00Z') / 1000;
const SCRAPE = 'http_requests_total{path="/a",method="GET",status_code="200"} 50\n';

let folder: string;
let before: string;

beforeEach(async () => {
  folder = await emptyFolder();
  before = await record(join(folder, 'before'), varyingBlocks({ 'GET /a': [100, 10, 0, 0, 0] }, 2), START);
});

const errorOf = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await apm(['compare', ...args]);
  expect([code, stdout]).toEqual([2, '']);
  return stderr.replaceAll(relative(process.cwd(), folder), 'RELATIVE').replaceAll(folder, 'DIR');
};

it('refuses to compare recordings with themselves', async () => {
  const link = join(folder, 'link');
  await symlink(before, link);
  const copy = join(folder, 'copy');
  await cp(before, copy, { recursive: true });
  const [one, same, other] = ['one.prom', 'same.prom', 'other.prom'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(one, SCRAPE);
  await writeFile(same, SCRAPE);
  await writeFile(other, SCRAPE.replace('50', '70'));
  const snapshot = join(before, '2026-11-23T07-00-15.000Z.prom');
  expect([
    await errorOf(before, before),
    await errorOf(before, `${relative(process.cwd(), before)}/`),
    await errorOf(link, before),
    await errorOf(before, copy),
    await errorOf(one, one),
    await errorOf(one, same),
    await errorOf(one, other, same, other),
    await errorOf(before, snapshot),
  ]).toEqual([
    'apm compare: DIR/before and DIR/before are the same, DIR/before; give one recording of before the change and one of after it\n',
    'apm compare: DIR/before and RELATIVE/before/ are the same, DIR/before; give one recording of before the change and one of after it\n',
    'apm compare: DIR/link and DIR/before are the same, DIR/before; give one recording of before the change and one of after it\n',
    'apm compare: DIR/before and DIR/copy have the same content; give one recording of before the change and one of after it\n',
    'apm compare: DIR/one.prom and DIR/one.prom are the same, DIR/one.prom; give one recording of before the change and one of after it\n',
    'apm compare: DIR/one.prom and DIR/same.prom have the same content; give one recording of before the change and one of after it\n',
    'apm compare: DIR/one.prom DIR/other.prom and DIR/same.prom DIR/other.prom have the same content; give one recording of before the change and one of after it\n',
    'apm compare: DIR/before/2026-11-23T07-00-15.000Z.prom is one of the snapshots of DIR/before; give one recording of before the change and one of after it\n',
  ]);
});

it('refuses two parts of one recording that overlap', async () => {
  const all = await record(join(folder, 'all'), varyingBlocks({ 'GET /a': [100, 10, 0, 0, 0] }, 8), START);
  const names = (await readdir(all)).sort();
  const part = async (name: string, from: number, to: number) => {
    for (const file of names.slice(from, to)) await cp(join(all, file), join(folder, name, file));
    return join(folder, name);
  };
  const [early, late, rest] = [await part('early', 0, 6), await part('late', 3, 9), await part('rest', 5, 9)];
  const files = (...indices: number[]) => indices.map((i) => join(all, names[i] as string));
  expect([
    await errorOf(early, late),
    await errorOf(late, early),
    await errorOf(all, early),
    await errorOf(...files(0, 5, 4, 8)),
    await errorOf(...files(4), early),
  ]).toEqual([
    refusalOf('early and late', '00:45', '01:15'),
    refusalOf('late and early', '00:45', '01:15'),
    refusalOf('all and early', '00:00', '01:15'),
    refusalOf(
      '2026-11-23T07-00-00.000Z.prom..2026-11-23T07-01-15.000Z.prom and 2026-11-23T07-01-00.000Z.prom..2026-11-23T07-02-00.000Z.prom',
      '01:00',
      '01:15',
    ),
    refusalOf('2026-11-23T07-01-00.000Z.prom and early', '00:00', '01:00'),
  ]);
  // Where one ends, the other may begin.
  expect((await apm(['compare', early, rest])).code).toBe(0);
});

const refusalOf = (names: string, from: string, to: string): string =>
  `apm compare: ${names} both have the time from 2026-11-23T07:${from}.000Z to 2026-11-23T07:${to}.000Z of the same process; give one recording of before the change and one of after it\n`;

it('compares recordings that only look alike', async () => {
  const empty = join(folder, 'nested');
  await mkdir(empty);
  const after = await record(join(empty, 'before'), varyingBlocks({ 'GET /a': [100, 10, 1, 0, 0] }, 2), START + 3600);
  const { code, stderr } = await apm(['compare', before, after, '--fail-on', 'never']);
  expect([code, stderr]).toEqual([0, '']);
});

it('refuses one period, one version or one command on both sides', async () => {
  const api = ['--prometheus', 'http://localhost:1'];
  const [from, to] = ['2026-11-16T00:00:00Z', '2026-11-16T01:00:00Z'];
  const seconds = Date.parse(from) / 1000;
  const rounds = ['--rounds', '5', '--load', 'node load.js'];
  expect([
    await errorOf(...api, '--before', `${from}..${to}`, '--after', `${seconds}..${seconds + 3600}`),
    await errorOf(...api, '--versions', '1.4.0,1.4.0'),
    await errorOf(...rounds, '--a', 'node shop.js', '--b', ' node  shop.js'),
  ]).toEqual([
    'apm compare: --before and --after are the same period, 2026-11-16T00:00:00.000Z to 2026-11-16T01:00:00.000Z; give two different ones\n',
    'apm compare: --versions: expected two different versions, separated by a comma; got "1.4.0,1.4.0"; see apm compare --help\n',
    'apm compare: --a and --b are the same command, "node shop.js"; give the builds before and after, or, to see the noise, a variable before one: --b "SAME=1 node shop.js"\n',
  ]);
});
