import { expect, it } from 'vitest';
import { needPrograms } from '../../stack/support/needed-programs.ts';
import { freePort } from '../../support/free-port.ts';
import { apm } from '../run.ts';
import { type ProcessHistory, seededNumbers, startWithHistory } from './sources/prometheus/backfill.ts';

const take = needPrograms('system-prometheus', 'system-promtool');

/** A full hour, 12 hours ago, in seconds. */
const START = Math.floor(Date.now() / 3_600_000 - 12) * 3600;
const HOUR_SECONDS = 3600;
const TIMES = Array.from({ length: (4 * HOUR_SECONDS) / 15 + 1 }, (_, i) => START + i * 15);
const at = (hours: number) => new Date((START + hours * HOUR_SECONDS) * 1000).toISOString();
const range = (from: number, to: number) => `${at(from)}..${at(to)}`;

const next = seededNumbers(7);
/** Random numbers with these means. */
const randomCounts = (counts: readonly number[]) => counts.map((count) => next(2 * count + 1));
const SLOW = [2, 4, 30, 4];
const FAST = [30, 4, 4, 2];

const historyOf = (
  instance: string,
  job: string,
  version: string,
  a: (time: number) => readonly number[],
): ProcessHistory => ({
  labels: { job, instance },
  version,
  times: TIMES,
  bounds: ['0.1', '0.5', '1.0'],
  endpoints: {
    '/a': { increments: TIMES.map((time) => randomCounts(a(time))) },
    '/b': { increments: TIMES.map(() => randomCounts([1, 8, 1, 1])) },
  },
});

const p50Verdicts = (stdout: string) =>
  [...stdout.matchAll(/^(The service|GET \S+).*\n {2}p50 .* {2}([a-z ]+)$/gm)].map(([, name, verdict]) => [
    name,
    verdict?.trim(),
  ]);

it('compares two periods, and two versions that served at the same time, from stored samples', async (test) => {
  const histories = [
    historyOf('a:1', 'shop', '1.4.0', (time) => (time <= START + 2 * HOUR_SECONDS ? SLOW : FAST)),
    historyOf('b:1', 'canary', '1.4.0', () => SLOW),
    historyOf('c:1', 'canary', '1.5.0', () => FAST),
    historyOf('d:1', 'other', '1.4.0', () => SLOW),
  ];
  const { url } = await startWithHistory(take('system-prometheus', test), take('system-promtool', test), histories);
  const compare = (...args: string[]) => apm(['compare', '--prometheus', url, ...args]);
  const periods = ['--before', range(0, 2), '--after', range(2, 4)];

  const shop = await compare(...periods, '--job', 'shop');
  expect(p50Verdicts(shop.stdout)).toEqual([
    ['The service', 'faster'],
    ['GET /a', 'faster'],
    ['GET /b', 'below resolution'],
  ]);
  expect([shop.code, shop.stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^Better: .*GET \/a \(p50/)]);

  const other = await compare(...periods, '--job', 'other', '--fail-on', 'not-faster');
  expect([other.code, other.stdout]).toEqual([1, expect.not.stringMatching(/faster|slower/)]);

  const versions = await compare('--versions', '1.4.0,1.5.0', '--since', '12h', '--job', 'canary');
  expect(p50Verdicts(versions.stdout)).toEqual(p50Verdicts(shop.stdout));
  expect([versions.code, versions.stdout.match(/^1\.\d\.0(?=:)/gm)]).toEqual([0, ['1.4.0', '1.5.0']]);

  const swapped = await compare('--before', range(2, 4), '--after', range(0, 2), '--path', '/a', '--job', 'shop');
  expect([swapped.code, p50Verdicts(swapped.stdout)]).toEqual([
    1,
    [
      ['The service', 'slower'],
      ['GET /a', 'slower'],
    ],
  ]);

  const errorOf = async (...args: string[]) => {
    const { code, stdout, stderr } = await compare(...args);
    expect([code, stdout]).toEqual([2, '']);
    return stderr.replaceAll(url, 'URL').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
  };
  expect([
    await errorOf('--before', range(-3, -2), '--after', range(2, 4)),
    await errorOf(...periods, '--job', 'nobody'),
    await errorOf('--before', range(2, 0), '--after', range(2, 4)),
    await errorOf('--before', 'yesterday', '--after', range(2, 4)),
    await errorOf('--versions', '1.4.0,9.9.9', '--since', '12h'),
    await errorOf('--before', '-2h..-1h', '--after', '-1h..now'),
  ]).toMatchInlineSnapshot(`
    [
      "apm compare: 0 samples from TIME to TIME (--before); at least 2 needed; check the time, and how long Prometheus keeps its data
    ",
      "apm compare: no series has --job "nobody" from TIME to TIME; known: canary, other, shop
    ",
      "apm compare: --before: expected an end after the beginning; got "TIME..TIME"
    ",
      "apm compare: --before: expected FROM..TO, each a time such as TIME, 1795417200, -2h or now; got "yesterday"
    ",
      "apm compare: no target_info has service_version "9.9.9" from TIME to TIME; known: 1.4.0, 1.5.0
    ",
      "apm compare: URL has neither http_duration nor http_server_request_duration from TIME to TIME; check that it scrapes the service, that the times are right, and that --prefix is its APM_METRIC_PREFIX
    ",
    ]
  `);

  const report = await apm(['report', '--prometheus', url, '--period', range(0, 4), '--job', 'shop']);
  expect(
    report.stdout.match(/^#.*|^\| `.*/gm)?.map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')),
  ).toMatchInlineSnapshot(`
    [
      "# period: TIME to TIME, 4 h",
      "## Slowest endpoints",
      "| \`GET /a\` | > 1 s | 0.5-1 s | 100-500 ms | 125 ms | 114,981 | 49.1 % | 66.7 % |",
      "| \`GET /b\` | > 1 s | 0.5-1 s | 100-500 ms | 125 ms | 32,514 | 17.5 % | 66.7 % |",
      "## Widest tails",
      "## Where the time went",
      "| \`GET /a\` | 78 % | 4,791 s | 114,981 | 125 ms |",
      "| \`GET /b\` | 22 % | 1,355 s | 32,514 | 125 ms |",
    ]
  `);
  expect([report.code, report.stderr.split('\n').at(-2)]).toEqual([0, 'period: 100 % read']);
});

it('reports in one line that no Prometheus answers at the URL', async () => {
  const port = await freePort();
  const errorOf = async (url: string, env = {}) => {
    const { code, stdout, stderr } = await apm(
      ['compare', '--prometheus', url, '--before', '-2h..-1h', '--after', '-1h..now'],
      env,
    );
    expect([code, stdout]).toEqual([2, '']);
    return stderr.replaceAll(port, 'PORT');
  };
  expect([
    await errorOf(`http://localhost:${port}`),
    await errorOf('localhost'),
    await errorOf('http://me:s3cret@localhost'),
  ]).toMatchInlineSnapshot(`
    [
      "apm compare: http://localhost:PORT is not reachable: nothing listens there; give the URL of Prometheus: --prometheus http://localhost:9090
    ",
      "apm compare: --prometheus: expected a URL such as http://localhost:9090; got "localhost"
    ",
      "apm compare: http://localhost is not reachable: nothing listens there; give the URL of Prometheus: --prometheus http://localhost:9090
    ",
    ]
  `);
});
