import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vitals } from '../../../src/metrics/vitals.ts';
import { durations, histogramOf } from '../support/durations.ts';
import { createHistory } from './create-history.ts';
import { ORIGIN, readAnswer, requestsByEndpoint } from './page-answer.ts';

const createVitals = (given: Partial<Vitals> = {}): Vitals => ({
  active: 1,
  delay: 0.01,
  cpu: 0.5,
  memory: 1e6,
  ...given,
});

describe.each(['apm', 'semconv'])('under the names %s', (names) => {
  it('answers each interval with the requests recorded in it', async () => {
    const { series, history, tick } = createHistory({ APM_METRIC_NAMES: names, APM_BUCKETS: '.1,1,10' });
    series.record('/a/:id', 'GET', 200, 0.05);
    series.record('/a/:id', 'GET', 503, 5);
    series.record('/a/:id', 'GET', 499, 0.1);
    series.record('/live', 'GET', 200, undefined);
    series.record('/b', 'POST', 302, 60);
    await tick();
    series.record('/a/:id', 'GET', 200, 0.5);
    await tick();
    const { next, ...rest } = readAnswer(history);
    expect(next).toMatch(/^[\da-f-]{36}\.2$/);
    expect(rest).toEqual({
      format: 4,
      every: 5_000,
      now: 0,
      service: { name: 'shop', version: '1' },
      uptime: 1,
      scrape: '/metrics',
      slow: 0.5,
      endpoints: { 1: ['/a/:id', 'GET'], 2: ['/live', 'GET'], 3: ['/b', 'POST'] },
      kept: [1, 2, 3],
      intervals: [
        {
          first: 1,
          last: 1,
          at: 1_005_000,
          ms: 5_000,
          byClass: [0, 2, 1, 1, 1],
          running: 1,
          vitals: [null, null, null, null],
          endpoints: [
            [1, 3, 1, 1, 5.15, durations(0.05, 5, 0.1)],
            [2, 1, 0, 0, 0, durations()],
            [3, 1, 0, 0, 60, durations(60)],
          ],
          hosts: [],
          databases: [],
          timeSpent: [],
          processes: [['1', null, null, null, null, 5, 1, 1, 65.15, durations(0.05, 0.1, 5, 60)]],
        },
        {
          first: 2,
          last: 2,
          at: 1_010_000,
          ms: 5_000,
          byClass: [0, 1, 0, 0, 0],
          running: 1,
          vitals: [null, null, null, null],
          endpoints: [[1, 1, 0, 0, 0.5, durations(0.5)]],
          hosts: [],
          databases: [],
          timeSpent: [],
          processes: [['1', null, null, null, null, 1, 0, 0, 0.5, durations(0.5)]],
        },
      ],
    });
  });
});

it('answers only newer intervals to a cursor, and all to a cursor of another process', async () => {
  const { series, history, tick } = createHistory();
  series.record('/a', 'GET', 200, 0.1);
  await tick();
  const { next } = readAnswer(history);
  expect(readAnswer(history, next).intervals).toEqual([]);
  series.record('/b', 'GET', 200, 0.1);
  await tick();
  const { intervals, endpoints } = readAnswer(history, next);
  expect([intervals.length, endpoints]).toEqual([1, { 2: ['/b', 'GET'] }]);
  for (const other of ['', 'x', '.', `${crypto.randomUUID()}.2`, `${next.split('.')[0]}.x`, '\0'.repeat(999)]) {
    expect(readAnswer(history, other).intervals.length).toBe(2);
  }
  expect(readAnswer(history, `${next.split('.')[0]}.99`).intervals.length).toBe(0);
});

it('keeps the intervals of half an hour', async () => {
  const { series, history, tick } = createHistory();
  for (let interval = 0; interval < 400; interval++) {
    series.record('/a', 'GET', 200, 0.1);
    await tick();
  }
  const all = readAnswer(history);
  expect([all.intervals.length, all.intervals[0]?.at, all.intervals.at(-1)?.at]).toEqual([360, 1_205_000, 3_000_000]);
});

it('holds exactly the memory that it counts', async () => {
  const { series, history, tick } = createHistory();
  for (let interval = 0; interval < 3; interval++) {
    series.record('/a', 'GET', 200, 0.1);
    await tick();
  }
  const intervals = history.pieces('', ORIGIN).filter((piece) => piece.toString().startsWith('{"first"'));
  // Node allocates most small buffers from a shared pool, which each of them would keep alive. These have their own memory.
  expect(intervals.map(({ buffer }) => buffer.byteLength)).toEqual(intervals.map(({ length }) => length));
  expect(intervals.length).toBe(3);
});

it('counts every request, for any paths', async () => {
  const request = fc.record({
    path: fc.oneof(
      fc.integer({ min: 0, max: 300 }).map((n) => `/p/${n}`),
      fc.constantFrom('other', 'unmatched', '/__proto__'),
    ),
    method: fc.constantFrom('GET', 'POST', '_OTHER'),
    status: fc.constantFrom(200, 302, 404, 499, 500),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(request, { maxLength: 400 }), { maxLength: 6 }), async (intervals) => {
      const { series, history, tick } = createHistory();
      for (const requests of intervals) {
        for (const { path, method, status } of requests) series.record(path, method, status, 0.01);
        await tick();
      }
      const sent = intervals.flat();
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

it('lists the 100 busiest paths; a path that becomes busy replaces one that does not', async () => {
  const { series, history, tick } = createHistory();
  const ask = (path: string, times: number) => {
    for (let i = 0; i < times; i++) series.record(path, 'GET', 200, 0.01);
  };
  for (let i = 0; i < 100; i++) ask(`/p/${i}`, i === 7 ? 1 : 5);
  ask('/late', 3);
  await tick();
  expect(requestsByEndpoint(readAnswer(history))).toMatchObject({ 'GET /p/7': 1, 'GET /p/8': 5, 'GET other': 3 });
  const { next } = readAnswer(history);
  // /late had 3 requests and /p/7 had 1, so /late replaces it from here on. /alike gets 12, and others have 10: too few.
  ask('/late', 10);
  ask('/p/7', 2);
  ask('/alike', 12);
  for (let i = 0; i < 100; i++) if (i !== 7) ask(`/p/${i}`, 5);
  await tick();
  ask('/alike', 1);
  await tick();
  const last = requestsByEndpoint(readAnswer(history, next));
  expect(last['GET /late']).toBe(10);
  expect(last['GET /p/7']).toBeUndefined();
  expect(last['GET other']).toBe(15);
  expect(Object.keys(last).length).toBe(101);
});

describe('with more guessed paths than it lists', () => {
  const scan = ({ series }: ReturnType<typeof createHistory>, requests = 1) => {
    for (let i = 0; i < 3_000; i++)
      for (let n = 0; n < requests; n++) series.record(`/scan/${i}`, 'GET', 302, 0.01, true);
  };

  it('lists a new route at once, in place of a guess', async () => {
    const page = createHistory();
    scan(page, 5);
    await page.tick();
    page.series.record('/orders/:order', 'GET', 200, 0.01);
    await page.tick();
    const data = readAnswer(page.history);
    expect(requestsByEndpoint(data)).toMatchObject({ 'GET /orders/:order': 1, 'GET /scan/99': 5, 'GET other': 14_500 });
    const kept = data.kept.map((id) => data.endpoints[id]?.[0]);
    expect(kept).toContain('/orders/:order');
    expect(kept.length).toBe(101);
  });

  it('lists a guess that turns out to be a route', async () => {
    const page = createHistory();
    scan(page);
    page.series.record('/late', 'GET', 200, 0.01, true);
    await page.tick();
    const { next } = readAnswer(page.history);
    page.series.record('/late', 'GET', 200, 0.01);
    await page.tick();
    expect(requestsByEndpoint(readAnswer(page.history, next))).toEqual({ 'GET /late': 1 });
  });

  it('never lists a busy guess in place of a route', async () => {
    const page = createHistory();
    for (let i = 0; i < 100; i++) page.series.record(`/route/${i}`, 'GET', 200, 0.01);
    for (let interval = 0; interval < 3; interval++) {
      scan(page, 10);
      await page.tick();
    }
    const { next } = readAnswer(page.history);
    for (let i = 0; i < 100; i++) page.series.record(`/route/${i}`, 'GET', 200, 0.01);
    await page.tick();
    const listed = requestsByEndpoint(readAnswer(page.history, next));
    expect(listed).toEqual(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`GET /route/${i}`, 1])));
  });
});

it('adds up the calls of all processes by host, each call in one interval', async () => {
  const { history, tick } = createHistory();
  const calls = [
    { labels: { host: 'db', method: 'GET', status: 200 }, count: 2, sum: 3, fine: histogramOf([1, 2]) },
    { labels: { host: 'db', method: 'GET', status: undefined }, count: 1, sum: 9, fine: histogramOf([9]) },
  ].map((call) => ({ guessed: false, buckets: [], ...call }));
  for (const pid of ['1', '2']) history.onIncrements(pid, { series: { calls } });
  await tick();
  await tick();
  expect(readAnswer(history).intervals.map(({ hosts }) => hosts)).toEqual([
    [['db', 6, 0, 2, 24, durations(1, 1, 2, 2, 9, 9)]],
    [],
  ]);
});

it('adds up the vitals of processes, takes the CPU and memory of threads once, and lists 32 processes', async () => {
  const { history, tick } = createHistory();
  for (const pid of ['1', '1.1', '1.2']) history.onVitals(pid, createVitals({ delay: 0.02, cpu: 1.2 }));
  for (let pid = 2; pid <= 40; pid++) history.onVitals(String(pid), createVitals());
  await tick();
  const [interval] = readAnswer(history).intervals;
  expect(interval?.running).toBe(42);
  expect(interval?.vitals).toEqual([42, 0.02, 1.2 + 39 * 0.5, 40e6]);
  expect(interval?.processes.length).toBe(32);
  expect(interval?.processes[0]).toEqual(['1', 1, 0.02, 1.2, 1e6, 0, 0, 0, 0, durations()]);
});

it('shows no vitals for a process that sent none, and shows an exited process once more', async () => {
  const { history, tick } = createHistory();
  history.onVitals('2', createVitals());
  for (let i = 0; i < 5; i++) await tick();
  history.onExit('2');
  await tick();
  await tick();
  const readVitals = (pid: string) =>
    readAnswer(history).intervals.map(({ processes }) => processes.find(([name]) => name === pid)?.slice(1, 5));
  const known = [1, 0.01, 0.5, 1e6];
  const unknown = [null, null, null, null];
  expect(readVitals('2')).toEqual([known, known, known, known, unknown, unknown, undefined]);
  expect(readAnswer(history).intervals.map(({ running }) => running)).toEqual([2, 2, 2, 2, 2, 1, 1]);
});

it('refuses invalid vitals', async () => {
  const { history } = createHistory({ APM_BUCKETS: '1' });
  fc.assert(
    fc.property(fc.anything(), (message) => {
      expect(() => history.onVitals('1', message)).toThrow();
    }),
  );
  for (const wrong of [{ active: -1 }, { cpu: Number.NaN }, { memory: '1' }, { delay: {} }]) {
    expect(() => history.onVitals('1', { ...createVitals(), ...wrong })).toThrow();
  }
  history.onVitals('1', createVitals());
});

it('answers calls of hosts and of databases; no answer and a status of 500 or above are failures', async () => {
  const { calls, databaseCalls, history, tick } = createHistory();
  for (const status of [200, 404, 500, undefined]) calls.record({ host: 'api:4000', method: 'GET', status }, 0.5);
  for (const operation of ['SELECT', 'connect', 'SELECT']) {
    databaseCalls.record({ system: 'postgresql', host: 'db:5433', operation }, 0.1);
  }
  await tick();
  const [interval] = readAnswer(history).intervals;
  expect([interval?.hosts, interval?.databases]).toEqual([
    [['api:4000', 4, 0, 2, 2, durations(0.5, 0.5, 0.5, 0.5)]],
    [
      ['postgresql db:5433 SELECT', 2, 0, 0, 0.2, durations(0.1, 0.1)],
      ['postgresql db:5433 connect', 1, 0, 0, 0.1, durations(0.1)],
    ],
  ]);
});
