import { Agent } from 'node:http';
import { expect, it } from 'vitest';
import type { Found } from '../../stack/programs.ts';
import type { Prometheus } from '../../stack/prometheus.ts';
import { get } from '../expose/get.ts';
import { type App, type AppOptions, register, startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { needPrograms } from './support/needed-programs.ts';
import { runPrometheus } from './support/run.ts';
import { querySeries, seriesName } from './support/series.ts';

const take = needPrograms('prometheus', 'system-prometheus');
const CLOCK = new URL('../apps/native/clock.mjs', import.meta.url).href;

/** Its requests take exactly as long as they are asked to. */
const start = (port: string, env: Record<string, string> = {}): Promise<App> =>
  startApp('test/apps/native/app.mjs', {
    flags: ['--import', CLOCK, '--import', register],
    env: { OTEL_EXPORTER_PROMETHEUS_PORT: port, OTEL_SERVICE_NAME: `native ${port}`, ...env },
  } satisfies AppOptions);

/** Sends requests one after the other, on a few connections, so that each worker of a cluster gets some. */
async function spend(app: App, durations: readonly number[]): Promise<void> {
  const send = async (agent: Agent, part: readonly number[]) => {
    for (const [i, seconds] of part.entries()) {
      await get(app.url(`/${i % 9 ? 'spend' : 'missing'}/${i}?${seconds}`), { agent });
    }
    agent.destroy();
  };
  const parts = Array.from({ length: 8 }, (_, part) => durations.filter((_, i) => i % 8 === part));
  for (const part of parts) await send(new Agent({ keepAlive: true, maxSockets: 1 }), part);
}

/** From 2 ms to 5 s. */
const durationsOf = (count: number, from = 0.002, to = 5): number[] =>
  Array.from({ length: count }, (_, i) => from * (to / from) ** ((i + 0.5) / count));

/** One that scrapes the same process three times: without native histograms, with them, and with both kinds. */
const startJobs = (program: Found, port: string): Promise<Prometheus> =>
  runPrometheus({
    program,
    config: {
      global: { scrape_interval: '500ms', scrape_timeout: '500ms' },
      scrape_configs: Object.entries({
        text: {},
        native: { scrape_native_histograms: true },
        both: { scrape_native_histograms: true, always_scrape_classic_histograms: true },
      }).map(([job_name, options]) => ({
        job_name,
        ...options,
        static_configs: [{ targets: [`localhost:${port}`] }],
      })),
    },
  });

/** What the app records at `/awkward`, as Prometheus stores it. */
const awkward = (name: string, own: Record<string, string> = {}): string =>
  seriesName(`awkward_${name}`, {
    two_words: 'a "b" \\ c\nd',
    emoji: '🐢 d’accord',
    _1st: '\ufffd',
    list: '["a",1]',
    [name.startsWith('sizes') ? 'exported_le' : 'le']: '5',
    ...own,
  });
const AWKWARD = {
  [awkward('count_total')]: 1.5,
  [awkward('count_total', { otel_scope_name: 'other' })]: 2,
  [awkward('gauge', { name: 'plus' })]: Number.POSITIVE_INFINITY,
  [awkward('gauge', { name: 'minus' })]: Number.NEGATIVE_INFINITY,
  [awkward('gauge', { name: 'none' })]: Number.NaN,
  [awkward('gauge', { name: 'tiny' })]: 5e-324,
  'awkward_updown{}': -2,
  [awkward('sizes_bucket', { le: '-1' })]: 0,
  [awkward('sizes_bucket', { le: '0' })]: 1,
  [awkward('sizes_bucket', { le: '0.1' })]: 2,
  [awkward('sizes_bucket', { le: '1e21' })]: 3,
  [awkward('sizes_bucket', { le: '+Inf' })]: 3,
  [awkward('sizes_sum')]: 1_000_000.1,
  [awkward('sizes_count')]: 3,
};

const readValue = async (prometheus: Prometheus, expression: string): Promise<number> =>
  (await prometheus.query(expression))[0]?.value ?? Number.NaN;

/** Waits until each job has scraped all of these requests. */
const waitForCount = (prometheus: Prometheus, count: number) =>
  until(
    () =>
      Promise.all([
        readValue(prometheus, 'sum(http_duration_count{job="text"})'),
        readValue(prometheus, 'histogram_count(sum(http_duration{job="native"}))'),
        readValue(prometheus, 'histogram_count(sum(http_duration{job="both"}))'),
      ]),
    (counts) => counts.every((each) => each === count),
  );

async function expectQuantiles(prometheus: Prometheus, durations: readonly number[]): Promise<void> {
  const sorted = durations.toSorted((a, b) => a - b);
  for (const q of [0.5, 0.9, 0.99]) {
    const exact = sorted[Math.ceil(q * sorted.length) - 1] as number;
    const found = await readValue(prometheus, `histogram_quantile(${q}, sum(http_duration{job="native"}))`);
    expect(Math.abs(found / exact - 1), `${q}: ${found} is ${exact}`).toBeLessThan(0.015);
  }
}

it.for([
  { kind: 'one process', env: {}, processes: 1 },
  { kind: 'four processes of a cluster', env: { WORKERS: '4' }, processes: 4 },
])(
  'Prometheus 3 stores native histograms of $kind where it asks for them, and what it stored before where it does not',
  async ({ env, processes }, test) => {
    const program = take('prometheus', test);
    const port = await freePort();
    const app = await start(port, env);
    const prometheus = await startJobs(program, port);
    const durations = durationsOf(1_200);
    await spend(app, durations);
    await get(app.url('/awkward?0.001'));
    await waitForCount(prometheus, durations.length + 1);

    const both = await querySeries(prometheus, 'both');
    const text = await querySeries(prometheus, 'text');
    expect(text).toEqual(both);
    const native = await querySeries(prometheus, 'native');
    const withoutBuckets = Object.entries(text).filter(([name]) => !name.startsWith('http_duration_bucket'));
    expect(native).toEqual(Object.fromEntries(withoutBuckets));
    const own = Object.entries(text).filter(([name]) => name.startsWith('awkward'));
    // The gauges of a process among several have its number.
    const withoutPid = own.map(([name, value]) => [name.replace(/,pid="\d+"/, ''), value]);
    expect(Object.fromEntries(withoutPid)).toEqual(AWKWARD);
    if (processes > 1) expect(text['apm_processes{}']).toBe(processes);
    await expectQuantiles(prometheus, [...durations, 0.001]);
  },
);

it('Prometheus 3 sees the restart of a process as a reset of its native histograms', async (test) => {
  const program = take('prometheus', test);
  const port = await freePort();
  const first = await start(port);
  const prometheus = await startJobs(program, port);
  await spend(first, durationsOf(100, 1, 2));
  await waitForCount(prometheus, 100);
  first.child.kill('SIGKILL');
  await first.exit;
  const second = await start(port);
  const durations = durationsOf(90, 0.01, 0.02);
  await spend(second, durations);
  await waitForCount(prometheus, 90);
  await expectQuantiles(prometheus, durations);
  for (const job of ['native', 'both']) {
    expect(await readValue(prometheus, `sum(resets(http_duration{job="${job}"}[5m]))`)).toBe(2);
    expect(await readValue(prometheus, `histogram_sum(sum(http_duration{job="${job}"}))`)).toBeCloseTo(
      durations.reduce((sum, each) => sum + each),
      9,
    );
  }
});

it('Prometheus 2 with its feature native-histograms stores them, and without it what it stored before', async (test) => {
  const program = take('system-prometheus', test);
  const port = await freePort();
  const app = await start(port);
  const config = {
    global: { scrape_interval: '500ms', scrape_timeout: '500ms' },
    scrape_configs: [{ job_name: 'text', static_configs: [{ targets: [`localhost:${port}`] }] }],
  };
  const [plain, native] = await Promise.all([
    runPrometheus({ program, config }),
    runPrometheus({ program, config, flags: ['--enable-feature=native-histograms'] }),
  ]);
  const durations = durationsOf(90, 0.01, 0.02);
  await spend(app, durations);
  await until(
    () => readValue(plain, 'sum(http_duration_count)'),
    (count) => count === 90,
  );
  await until(
    () => readValue(native, 'histogram_count(sum(http_duration))'),
    (count) => count === 90,
  );
  const stored = Object.entries(await querySeries(plain, 'text'));
  const withoutBuckets = stored.filter(([name]) => !name.startsWith('http_duration_bucket'));
  expect(await querySeries(native, 'text')).toEqual(Object.fromEntries(withoutBuckets));
});
