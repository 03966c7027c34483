import { describe, expect, it } from 'vitest';
import { ExplicitHistogram } from '../../../../../src/base/histogram/explicit-histogram.ts';
import { PrometheusApi } from '../../../../../src/cli/compare/sources/prometheus/api.ts';
import { loadRangeSides } from '../../../../../src/cli/compare/sources/prometheus/ranges.ts';
import { loadVersionSides } from '../../../../../src/cli/compare/sources/prometheus/versions.ts';
import type { TimeRange } from '../../../../../src/cli/compare/sources/time-range.ts';
import type { Side } from '../../../../../src/statistics/model.ts';
import { needPrograms } from '../../../../stack/support/needed-programs.ts';
import { type ProcessHistory, seededNumbers, startWithHistory } from './backfill.ts';

const take = needPrograms('prometheus', 'system-prometheus', 'system-promtool');
const VERSIONS = ['prometheus', 'system-prometheus'] as const;

/** A full hour, 30 hours ago, in seconds. */
const START = Math.floor(Date.now() / 3_600_000 - 30) * 3600;
const HOUR_SECONDS = 3600;

/** The times of scrapes every `step` seconds. */
const scrapes = (from: number, to: number, step: number) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

function random(seed: number, times: readonly number[], buckets: number): number[][] {
  const next = seededNumbers(seed);
  return times.map(() => Array.from({ length: buckets }, () => next(9)));
}

/** The expected totals of an endpoint in each block, from the increments. */
function expectedTotals(histories: readonly ProcessHistory[], key: string, blocks: Side['blocks']) {
  return blocks.map(({ from, to }) => {
    const counts = histories.flatMap(({ times, endpoints }) => {
      const of = endpoints[key.replace('GET ', '')];
      // The first scrape of a process is the base of its increases.
      return (of?.increments ?? []).filter(
        (_, i) => i > 0 && (times[i] as number) > from && (times[i] as number) <= to,
      );
    });
    if (counts.length === 0) return undefined;
    const sums = counts.reduce(
      (all, each) => all.map((n, i) => n + (each[i] as number)),
      counts[0]?.map(() => 0) as number[],
    );
    const all = sums.reduce((sum, each) => sum + each, 0);
    const histogram = new ExplicitHistogram(histories[0]?.bounds.map(Number) ?? [], sums);
    return { requests: 3 * all, errors: 2 * all, seconds: all / 8, histogram, buckets: histogram };
  });
}

const totalsOf = ({ blocks }: Side, key: string) => blocks.map(({ endpoints }) => endpoints.get(key));
const lengths = ({ blocks }: Side) => new Set(blocks.map(({ from, to }) => Math.round((to - from) * 1000) / 1000));

describe.each(VERSIONS)('with %s', (name) => {
  it('reads long ranges exactly, page by page, over restarts and beyond its query limit', async (test) => {
    const [program, promtool] = [take(name, test), take('system-promtool', test)];
    const bounds = ['0.1', '1.0', '5.0'];
    const times = scrapes(START, START + 24 * HOUR_SECONDS, 15);
    // Half way, one process restarts; the other is replaced by one that writes le differently.
    const restarts = [2880];
    const half = times.length >> 1;
    const a: ProcessHistory = {
      labels: { job: 'shop', instance: 'a:1' },
      times,
      bounds,
      endpoints: {
        '/a': { increments: random(1, times, 4), restarts },
        '/b': { increments: random(2, times, 4), restarts },
      },
    };
    const b: ProcessHistory = {
      ...a,
      labels: { job: 'shop', instance: 'b:1' },
      times: times.slice(0, half),
      endpoints: { '/a': { increments: random(3, times.slice(0, half), 4) } },
    };
    const c: ProcessHistory = {
      labels: { job: 'shop', instance: 'c:1' },
      times: times.slice(half),
      bounds: ['0.1', '1', '5'],
      endpoints: { '/a': { increments: random(4, times.slice(half), 4) } },
    };
    const otherJob: ProcessHistory = { ...a, labels: { job: 'other', instance: 'a:1' }, bounds: ['0.1', '2', '5'] };
    // One query may return less than an hour of these samples.
    const histories = [a, b, c, { ...otherJob, times: times.slice(0, 100) }];
    const prometheus = await startWithHistory(program, promtool, histories, ['--query.max-samples=6000']);
    const api = new PrometheusApi(prometheus.url, undefined);
    const before = { from: START + HOUR_SECONDS, to: START + 16 * HOUR_SECONDS };
    const after = { from: START + 18 * HOUR_SECONDS, to: START + 23 * HOUR_SECONDS };
    const progress: string[] = [];
    const reading = { pageSamples: 1e9, onProgress: (line: string) => void progress.push(line) };
    const [one, other] = await loadRangeSides(api, { job: 'shop' }, before, after, reading);
    expect([one.name, one.bounds, other.name, other.bounds]).toEqual(['before', [0.1, 1, 5], 'after', [0.1, 1, 5]]);
    expect([one.blocks.length, lengths(one), other.blocks.length, lengths(other)]).toEqual([
      48,
      new Set([1125]),
      16,
      new Set([1125]),
    ]);
    const shop = [a, b, c];
    for (const side of [one, other]) {
      for (const key of ['GET /a', 'GET /b'])
        expect(totalsOf(side, key)).toEqual(expectedTotals(shop, key, side.blocks));
    }
    expect(progress.length).toBeGreaterThan(20);
    expect([progress.at(-1), progress.filter((line) => !/^(before|after): \d+ % read$/.test(line))]).toEqual([
      'after: 100 % read',
      [],
    ]);
    // The result is the same with any page size.
    for (const pageSamples of [500, 5000]) {
      expect(await loadRangeSides(api, { job: 'shop' }, before, after, { pageSamples })).toEqual([one, other]);
    }
    const [only] = await loadRangeSides(api, { job: 'shop', method: 'GET', path: '/b' }, before, after);
    expect(only.blocks.map(({ endpoints }) => [...endpoints.keys()])).toEqual(Array(48).fill(['GET /b']));
  });

  it('separates concurrent versions, even if one instance had both, and pairs their blocks', async (test) => {
    const [program, promtool] = [take(name, test), take('system-promtool', test)];
    const bounds = ['0.1', '1'];
    const process = (instance: string, version: string, from: number, to: number, seed: number): ProcessHistory => {
      const times = scrapes(START + from, START + to, 15);
      const labels = { job: 'shop', instance };
      return { labels, version, times, bounds, endpoints: { '/a': { increments: random(seed, times, 3) } } };
    };
    const old = [process('a:1', '1.4.0', 0, 7200, 1), process('b:1', '1.4.0', 0, 3600, 2)];
    const fresh = [process('b:1', '1.5.0', 3615, 7200, 3), process('c:1', '1.5.0', 3000, 7200, 4)];
    const canary = process('d:1', '1.6.0', 0, 7200, 5);
    const prometheus = await startWithHistory(program, promtool, [...old, ...fresh, canary]);
    const api = new PrometheusApi(prometheus.url, undefined);
    const range = { from: START - HOUR_SECONDS, to: START + 3 * HOUR_SECONDS };
    const [before, after] = await loadVersionSides(api, { job: 'shop' }, ['1.4.0', '1.5.0'], range, {
      pageSamples: 700,
    });
    const blockOffsets = ({ blocks }: Side) => blocks.map(({ from, to }) => [from - START, to - START]);
    expect([before.name, after.name, before.blocks.length]).toEqual(['1.4.0', '1.5.0', 48]);
    expect(blockOffsets(before)).toEqual(blockOffsets(after));
    expect([blockOffsets(before)[0]?.[0], blockOffsets(before).at(-1)?.[1]]).toEqual([3000, 7200]);
    expect(totalsOf(before, 'GET /a')).toEqual(expectedTotals(old, 'GET /a', before.blocks));
    // The process that replaced another under the same instance is known from its start, so that is counted too.
    const [b, c] = fresh as [ProcessHistory, ProcessHistory];
    const known = {
      ...b,
      times: [START + 3600, ...b.times],
      endpoints: { '/a': { increments: [[0, 0, 0], ...(b.endpoints['/a']?.increments ?? [])] } },
    };
    expect(totalsOf(after, 'GET /a')).toEqual(expectedTotals([known, c], 'GET /a', after.blocks));

    const errorOf = async (versions: [string, string], inRange: TimeRange = range) =>
      (await loadVersionSides(api, {}, versions, inRange).catch((error: Error) => error)) as Error;
    const [from, to] = [range.from, range.to].map((time) => new Date(time * 1000).toISOString().replace('.000', ''));
    expect(String(await errorOf(['1.4.0', '2.0.0']))).toBe(
      `InputError: no target_info has service_version "2.0.0" from ${from} to ${to}; known: 1.4.0, 1.5.0, 1.6.0`,
    );
    const early = { from: START, to: START + 2900 };
    expect(String(await errorOf(['1.6.0', '1.5.0'], early))).toMatch(
      /^InputError: no target_info has service_version "1.5.0" from /,
    );
  });

  it('reports in one line why there is nothing to compare', async (test) => {
    const [program, promtool] = [take(name, test), take('system-promtool', test)];
    const times = scrapes(START, START + HOUR_SECONDS, 15);
    const endpoints = {
      '/a': { increments: random(1, times, 3) },
      '/idle': { increments: times.map(() => [0, 0, 0]) },
    };
    const one: ProcessHistory = { labels: { job: 'shop', instance: 'a:1' }, times, bounds: ['0.1', '1'], endpoints };
    const later: ProcessHistory = { ...one, times: times.map((time) => time + 2 * HOUR_SECONDS), bounds: ['0.1', '2'] };
    const prometheus = await startWithHistory(program, promtool, [one, later]);
    const api = new PrometheusApi(`${prometheus.url}/`, undefined);
    const range = (from: number, to: number): TimeRange => ({ from: START + from, to: START + to });
    const [early, late] = [range(0, 1800), range(1800, 3600)];
    const errorOf = async (selection: object, before: TimeRange, after: TimeRange) =>
      String(await loadRangeSides(api, selection, before, after).catch((error: Error) => error))
        .replaceAll(prometheus.url, 'URL')
        .replaceAll(/from \S+Z to \S+Z/g, 'from T1 to T2');
    expect(await errorOf({ job: 'shp' }, early, late)).toBe(
      'InputError: no series has --job "shp" from T1 to T2; known: shop',
    );
    expect(await errorOf({ job: 'shop', path: '/z' }, early, late)).toBe(
      'InputError: no series has --path "/z" from T1 to T2; known: /a, /idle',
    );
    expect(await errorOf({}, range(-20 * 86_400, -19 * 86_400), range(-18 * 86_400, -17 * 86_400))).toBe(
      'InputError: URL has neither http_duration nor http_server_request_duration from T1 to T2; check that it scrapes the service, that the times are right, and that --prefix is its APM_METRIC_PREFIX',
    );
    expect(await errorOf({}, early, range(5400, 6600))).toBe(
      'InputError: 0 samples from T1 to T2 (--after); at least 2 needed; check the time, and how long Prometheus keeps its data',
    );
    expect(await errorOf({}, range(0, 10), late)).toMatch(
      /^InputError: (1 sample|0 samples) from T1 to T2 \(--before\)/,
    );
    expect(await errorOf({ path: '/idle' }, early, late)).toBe(
      'InputError: no requests from T1 to T2 (--before); give a time with traffic',
    );
    expect(await errorOf({}, early, range(7200, 10_800))).toBe(
      'BoundsMismatch: URL (after) has histogram bounds 0.1 2, but 0.1 1 were expected: use the same APM_BUCKETS for both, or leave out the time before the change',
    );
    await prometheus.stop();
    expect(await errorOf({}, early, late)).toBe(
      'InputError: URL is not reachable: nothing listens there; give the URL of Prometheus: --prometheus http://localhost:9090',
    );
  });
});
