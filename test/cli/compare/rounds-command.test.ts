import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '../../support/free-port.ts';
import { root } from '../../support/root.ts';
import { apm } from '../run.ts';
import { emptyFolder } from './recording.ts';

const app = (name: string) => `node ${JSON.stringify(join(root, 'test/apps/cli', name))}`;

it('runs two builds alternately under a load, reports each run, and finds the slower one', async () => {
  const folder = await emptyFolder();
  const env = {
    SHOP_PORT: await freePort(),
    PIDS: join(folder, 'pids'),
    CALLS: join(folder, 'calls'),
    PATHS: Array(10).fill('/a').join(','),
  };
  const slow = `DELAY=120 exec ${app('service.mjs')}`;
  const commands = ['--a', app('service.mjs'), '--b', slow, '--load', app('load.mjs')];
  const { code, stdout, stderr } = await apm(['compare', '--rounds', '3', ...commands, '--format', 'json'], env);
  const { method, service, endpoints } = JSON.parse(stdout);
  expect(endpoints.map(({ key, requests }: { key: string; requests: unknown }) => [key, requests])).toEqual([
    ['GET /a', { before: 30, after: 30 }],
  ]);
  const verdicts = ({ measures }: { measures: { verdict: string }[] }) => measures.map(({ verdict }) => verdict);
  const expected = ['worse', 'too few requests', 'too few requests', 'worse', 'too few requests', 'too few requests'];
  expect([code, method, verdicts(service), verdicts(endpoints[0])]).toEqual([1, 'rounds', expected, expected]);
  const lines = stderr.trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/[\d.]+ s$/, 'TIME').replace(/, [ab]:/, ', SIDE:'))).toEqual(
    [1, 1, 2, 2, 3, 3].map((round) => `round ${round} of 3, SIDE: 10 requests in TIME`),
  );
  expect(lines.map((line) => /, ([ab]):/.exec(line)?.[1]).sort()).toEqual([...'aaabbb']);
});

it('reports which command failed, with its output', async () => {
  const env = { SHOP_PORT: await freePort(), PIDS: join(await emptyFolder(), 'pids'), CALLS: '/dev/null' };
  const run = (a: string, load: string) =>
    apm(['compare', '--rounds', '3', '--a', a, '--b', `SAME=1 ${a}`, '--load', load], env).then(
      ({ code, stdout, stderr }) => {
        expect([code, stdout]).toEqual([2, '']);
        return stderr.replace(/round 1, [ab]/, 'round 1, SIDE');
      },
    );
  expect([
    await run('echo no database >&2; exit 3', 'true'),
    await run(app('service.mjs'), 'echo no such host >&2; exit 4'),
    await run(app('service.mjs'), 'true'),
  ]).toMatchInlineSnapshot(`
    [
      "apm compare: round 1, SIDE: the service exited (code 3): no database; its command must keep running until it is stopped
    ",
      "apm compare: round 1, SIDE: the load failed (code 4): no such host
    ",
      "apm compare: round 1, SIDE: the service got no request; check that the load uses the port of the service
    ",
    ]
  `);
});

it('reports an invalid option at the latest after the first round', async () => {
  const folder = await emptyFolder();
  const env = { SHOP_PORT: await freePort(), PIDS: join(folder, 'pids'), CALLS: '/dev/null', PATHS: '/a' };
  const run = async (...more: string[]) => {
    const commands = ['--a', app('service.mjs'), '--b', `SAME=1 ${app('service.mjs')}`, '--load', app('load.mjs')];
    const { code, stdout, stderr } = await apm(['compare', '--rounds', '1000', ...commands, ...more], env);
    expect([code, stdout]).toEqual([2, '']);
    return stderr
      .replaceAll(folder, 'DIR')
      .replace(/^[ab] has/m, 'SIDE has')
      .replace(/: [ab] has/, ': SIDE has');
  };
  expect([await run('--out', join(folder, 'no/such/file')), await run('--path', '/nowhere')]).toEqual([
    'apm compare: --out: cannot write DIR/no/such/file (ENOENT); give another file\n',
    'apm compare: SIDE has no request of "/nowhere"; check --method and --path\n',
  ]);
});

it('reports an invalid token in one line, before the first round', async () => {
  const args = ['compare', '--rounds', '3', '--a', 'true', '--b', 'SAME=1 true', '--load', 'true'];
  expect(await apm(args, { APM_AUTH_TOKEN: 'correct horse' })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'apm compare: APM_AUTH_TOKEN: expected a bearer token: letters, digits and -._~+/, with = at the end\n',
  });
});
