import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { CallSeries } from '../../../src/metrics/call-series.ts';
import { createDeltaTaker } from '../../../src/metrics/deltas.ts';
import { RequestSeries } from '../../../src/metrics/request-series.ts';
import type { Vitals } from '../../../src/metrics/vitals.ts';
import { History } from '../../../src/page/server/history.ts';
import { ORIGIN, readAnswer, requestsByEndpoint } from './page-answer.ts';

/** A history fed as it is in a process: by requests that are recorded, and a tick now and then. */
function createHistory(env: Record<string, string> = {}) {
  const config = loadConfig({}, {}, env);
  const series = new RequestSeries(config);
  const calls = new CallSeries(config.buckets, config.maxPaths);
  const takeDeltas = createDeltaTaker(series, calls);
  const history = new History(config.buckets);
  let at = 1_000_000;
  const tick = () => {
    history.counted('1', takeDeltas());
    at += 5_000;
    history.tick(at, 5_000);
  };
  return { series, calls, history, tick };
}

const createVitals = (given: Partial<Vitals> = {}): Vitals => ({
  active: 1,
  delay: 0.01,
  cpu: 0.5,
  memory: 1e6,
  ...given,
});

describe.each(['apm', 'semconv'])('under the names %s', (names) => {
  it('tells what was recorded since the last slot, once', () => {
    const { series, history, tick } = createHistory({ APM_METRIC_NAMES: names, APM_BUCKETS: '.1,1,10' });
    series.record('/a/:id', 'GET', 200, 0.05);
    series.record('/a/:id', 'GET', 503, 5);
    series.record('/a/:id', 'GET', 499, 0.1);
    series.record('/live', 'GET', 200, undefined);
    series.record('/b', 'POST', 302, 60);
    tick();
    series.record('/a/:id', 'GET', 200, 0.5);
    tick();
    const { next, ...rest } = readAnswer(history);
    expect(next).toMatch(/^[\da-f-]{36}\.2$/);
    expect(rest).toEqual({
      format: 2,
      every: 5_000,
      now: 0,
      service: { name: 'shop', version: '1' },
      uptime: 1,
      scrape: '/metrics',
      bounds: [0.1, 1, 10],
      endpoints: { 1: ['/a/:id', 'GET'], 2: ['/live', 'GET'], 3: ['/b', 'POST'] },
      kept: [1, 2, 3],
      intervals: [
        {
          at: 1_005_000,
          ms: 5_000,
          byClass: [0, 2, 1, 1, 1],
          running: 1,
          vitals: [null, null, null, null],
          endpoints: [
            [1, 3, 1, 1, 5.15, 0, 2, 0, 1],
            [2, 1, 0, 0, 0, 0],
            [3, 1, 0, 0, 60, 3, 1],
          ],
          hosts: [],
          processes: [['1', null, null, null, null, 5, 1, 1, 65.15, 0, 2, 0, 1, 1]],
        },
        {
          at: 1_010_000,
          ms: 5_000,
          byClass: [0, 1, 0, 0, 0],
          running: 1,
          vitals: [null, null, null, null],
          endpoints: [[1, 1, 0, 0, 0.5, 1, 1]],
          hosts: [],
          processes: [['1', null, null, null, null, 1, 0, 0, 0.5, 1, 1]],
        },
      ],
    });
  });
});

it('tells only what is new to whoever says what came last, and everything where that was another process', () => {
  const { series, history, tick } = createHistory();
  series.record('/a', 'GET', 200, 0.1);
  tick();
  const { next } = readAnswer(history);
  expect(readAnswer(history, next).intervals).toEqual([]);
  series.record('/b', 'GET', 200, 0.1);
  tick();
  const { intervals: slots, endpoints } = readAnswer(history, next);
  expect([slots.length, endpoints]).toEqual([1, { 2: ['/b', 'GET'] }]);
  for (const other of ['', 'x', '.', `${crypto.randomUUID()}.2`, `${next.split('.')[0]}.x`, '\0'.repeat(999)]) {
    expect(readAnswer(history, other).intervals.length).toBe(2);
  }
  expect(readAnswer(history, `${next.split('.')[0]}.99`).intervals.length).toBe(0);
});

it('keeps half an hour, in 4 MiB at the most', () => {
  const { series, history, tick } = createHistory();
  for (let slot = 0; slot < 400; slot++) {
    series.record('/a', 'GET', 200, 0.1);
    tick();
  }
  const all = readAnswer(history);
  expect([all.intervals.length, all.intervals[0]?.at, all.intervals.at(-1)?.at]).toEqual([360, 1_205_000, 3_000_000]);

  // As much as a slot can hold: 100 paths under ten methods, each with every bucket.
  const full = createHistory();
  const { buckets, knownMethods } = loadConfig({}, {}, {});
  let least = Number.POSITIVE_INFINITY;
  for (let slot = 0; slot < 70; slot++) {
    for (let path = 0; path < 100; path++) {
      for (const method of knownMethods) {
        for (const bound of [...buckets, 60]) full.series.record(`/path/${path}`, method, 200, bound);
      }
    }
    full.tick();
    const { intervals: slots } = readAnswer(full.history);
    const bytes = Buffer.byteLength(JSON.stringify(slots));
    expect(bytes).toBeLessThan(4 * 1024 * 1024 + 400);
    if (slots.length <= slot) least = Math.min(least, bytes);
  }
  // And most of that is used.
  expect(least).toBeGreaterThan(3.8 * 1024 * 1024);
});

it('holds no more memory than the bytes that are counted', () => {
  const { series, history, tick } = createHistory();
  for (let slot = 0; slot < 3; slot++) {
    series.record('/a', 'GET', 200, 0.1);
    tick();
  }
  const slots = history.pieces('', ORIGIN).filter((piece) => piece.toString().startsWith('{"at"'));
  // None is a piece of something larger, as a small buffer mostly is.
  expect(slots.map(({ buffer }) => buffer.byteLength)).toEqual(slots.map(({ length }) => length));
  expect(slots.length).toBe(3);
});

it('keeps the names of paths that come and go within the same 4 MiB', () => {
  const { series, history, tick } = createHistory();
  const names = new Set<string>();
  let most = 0;
  for (let slot = 0; slot < 420; slot++) {
    // Every five minutes other paths are the busy ones.
    for (let path = 0; path < 100; path++) {
      const name = `/${Math.floor(slot / 60)}/${path}/${'x'.repeat(8_000)}`;
      series.record(name, 'GET', 200, 0.01);
      series.record(name, 'GET', 200, 0.01);
    }
    tick();
    if (slot % 10 !== 9) continue;
    most = Math.max(most, Buffer.concat(history.pieces('', ORIGIN)).length);
    if (slot % 60 === 59) for (const [name] of Object.values(readAnswer(history).endpoints)) names.add(name);
  }
  expect(names.size).toBeGreaterThan(600);
  expect(most).toBeLessThan(4 * 1024 * 1024);
});

it('loses no request, whatever paths they are for', () => {
  const request = fc.record({
    path: fc.oneof(
      fc.integer({ min: 0, max: 300 }).map((n) => `/p/${n}`),
      fc.constantFrom('other', 'unmatched', '/__proto__'),
    ),
    method: fc.constantFrom('GET', 'POST', '_OTHER'),
    status: fc.constantFrom(200, 302, 404, 499, 500),
  });
  fc.assert(
    fc.property(fc.array(fc.array(request, { maxLength: 400 }), { maxLength: 6 }), (slots) => {
      const { series, history, tick } = createHistory();
      for (const requests of slots) {
        for (const { path, method, status } of requests) series.record(path, method, status, 0.01);
        tick();
      }
      const sent = slots.flat();
      const data = readAnswer(history);
      const counted = Object.values(requestsByEndpoint(data)).reduce((sum, count) => sum + count, 0);
      expect(counted).toBe(sent.length);
      expect(data.intervals.flatMap(({ byClass }) => byClass).reduce((sum, count) => sum + count, 0)).toBe(sent.length);
      const paths = new Set(data.kept.map((id) => data.endpoints[id]?.[0]));
      expect(paths.size).toBeLessThanOrEqual(101);
    }),
    { numRuns: 60 },
  );
});

it('tells the 100 busiest paths apart; one that gets busy takes the place of one that does not', () => {
  const { series, history, tick } = createHistory();
  const ask = (path: string, times: number) => {
    for (let i = 0; i < times; i++) series.record(path, 'GET', 200, 0.01);
  };
  for (let i = 0; i < 100; i++) ask(`/p/${i}`, i === 7 ? 1 : 5);
  ask('/late', 3);
  tick();
  expect(requestsByEndpoint(readAnswer(history))).toMatchObject({ 'GET /p/7': 1, 'GET /p/8': 5, 'GET other': 3 });
  const { next } = readAnswer(history);
  // Three requests to one: in its place from here on. Twelve to ten is not worth it.
  ask('/late', 10);
  ask('/p/7', 2);
  ask('/alike', 12);
  for (let i = 0; i < 100; i++) if (i !== 7) ask(`/p/${i}`, 5);
  tick();
  ask('/alike', 1);
  tick();
  const last = requestsByEndpoint(readAnswer(history, next));
  expect(last['GET /late']).toBe(10);
  expect(last['GET /p/7']).toBeUndefined();
  expect(last['GET other']).toBe(15);
  expect(Object.keys(last).length).toBe(101);
});

it('shows the calls of all processes by host, and forgets them with the interval', () => {
  const { history, tick } = createHistory({ APM_BUCKETS: '1,2' });
  const calls = [
    { host: 'db', method: 'GET', status: 200, requests: 2, seconds: 3, counts: [1, 1, 0] },
    { host: 'db', method: 'GET', status: undefined, requests: 1, seconds: 1, counts: [0, 0, 1] },
  ];
  for (const pid of ['1', '2']) history.counted(pid, { requests: [], calls });
  tick();
  tick();
  expect(readAnswer(history).intervals.map(({ hosts }) => hosts)).toEqual([[['db', 6, 0, 2, 8, 0, 2, 2, 2]], []]);
});

it('adds up how the processes do, threads with their process, and shows 32 of them', () => {
  const { history, tick } = createHistory();
  for (const pid of ['1', '1.1', '1.2']) history.vitals(pid, createVitals({ delay: 0.02, cpu: 1.2 }));
  for (let pid = 2; pid <= 40; pid++) history.vitals(String(pid), createVitals());
  tick();
  const [slot] = readAnswer(history).intervals;
  expect(slot?.running).toBe(42);
  expect(slot?.vitals).toEqual([42, 0.02, 1.2 + 39 * 0.5, 40e6]);
  expect(slot?.processes.length).toBe(32);
  expect(slot?.processes[0]).toEqual(['1', 1, 0.02, 1.2, 1e6, 0, 0, 0, 0, 0]);
});

it('says nothing of a process that says nothing, and shows one that has left once more', () => {
  const { history, tick } = createHistory();
  history.vitals('2', createVitals());
  for (let i = 0; i < 5; i++) tick();
  history.left('2');
  tick();
  tick();
  const of = (pid: string) =>
    readAnswer(history).intervals.map(({ processes }) => processes.find(([name]) => name === pid)?.slice(1, 5));
  const known = [1, 0.01, 0.5, 1e6];
  const unknown = [null, null, null, null];
  expect(of('2')).toEqual([known, known, known, known, unknown, unknown, undefined]);
  expect(readAnswer(history).intervals.map(({ running }) => running)).toEqual([2, 2, 2, 2, 2, 1, 1]);
});

it('refuses vitals that are none', () => {
  const { history } = createHistory({ APM_BUCKETS: '1' });
  fc.assert(
    fc.property(fc.anything(), (message) => {
      expect(() => history.vitals('1', message)).toThrow();
    }),
  );
  for (const wrong of [{ active: -1 }, { cpu: Number.NaN }, { memory: '1' }, { delay: {} }]) {
    expect(() => history.vitals('1', { ...createVitals(), ...wrong })).toThrow();
  }
  history.vitals('1', createVitals());
});
