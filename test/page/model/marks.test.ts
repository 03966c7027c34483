import { afterEach, expect, it, vi } from 'vitest';
import { textOf } from '../../../src/base/histogram/histogram-text.ts';
import type { Mark } from '../../../src/page/browser/model/mark-storage.ts';
import type { Side } from '../../../src/statistics/model.ts';
import { histogramOf } from '../support/durations.ts';
import { counters, countersOf } from './page-data.ts';
import { ObservedService, requestsTo } from './service.ts';

afterEach(() => vi.unstubAllGlobals());

const requestsIn = ({ blocks }: Side) =>
  blocks.reduce((sum, { endpoints }) => sum + (endpoints.get('GET /a')?.requests ?? 0), 0);

/** The requests before and after a mark, and when processes started, in seconds since 1970. */
function sidesOf({ marks }: ObservedService, mark: Mark | undefined) {
  const comparison = mark && marks.compare(mark);
  if (comparison === undefined) return undefined;
  const [before, after] = comparison.sides;
  return { before: requestsIn(before), after: requestsIn(after), starts: [before.starts, after.starts] };
}

const namesAndSides = (service: ObservedService) =>
  service.marks.all.map((mark) => {
    const sides = sidesOf(service, mark);
    return [mark.name, mark.at, sides?.before, sides?.after];
  });

it('compares a version with the one before it, also after a rollback', () => {
  const service = new ObservedService();
  service.answer({ id: 'one', version: '1' }, requestsTo(1, 2));
  service.answer({ id: 'two', version: '2' }, requestsTo(4, 8));
  service.answer({ id: 'three', version: '1' }, requestsTo(16));
  service.answer({ id: 'four', version: '3' }, requestsTo(32, 64));
  expect(namesAndSides(service)).toEqual([
    ['1 → 2', 10_000, 3, 12],
    ['2 → 1', 20_000, 12, 16],
    ['1 → 3', 25_000, 16, 96],
  ]);
});

it('compares the last run before a mark with the last run after it, where the service is restarted to change it', () => {
  const service = new ObservedService();
  service.answer({ id: 'one' }, requestsTo(1, 2));
  service.answer({ id: 'two' }, requestsTo(4, 8));
  service.marks.add('cache');
  const [mark] = service.marks.all;
  // The process of before still answers for a while.
  service.answer({ id: 'two' }, requestsTo(16));
  expect(sidesOf(service, mark)).toEqual({
    before: 12,
    after: 16,
    starts: [
      [0, 10],
      [0, 10],
    ],
  });
  service.answer({ id: 'three' }, requestsTo(32, 64));
  expect(sidesOf(service, mark)).toEqual({
    before: 12,
    after: 96,
    starts: [
      [0, 10],
      [0, 10, 25],
    ],
  });
});

it('takes a process with the pid of the one before it for a restart, as in a container', () => {
  const service = new ObservedService();
  service.answer({ id: 'one', pids: ['1', '20'] }, requestsTo(1));
  service.answer({ id: 'two', pids: ['1', '20'] }, requestsTo(2, 4));
  service.marks.add('deploy');
  service.answer({ id: 'two', pids: ['1', '20'] }, requestsTo(8));
  expect(sidesOf(service, service.marks.all[0])).toEqual({
    before: 6,
    after: 8,
    starts: [
      [0, 5],
      [0, 5],
    ],
  });
});

it('goes on when another process of the service takes over, and notes when one of many starts', () => {
  const service = new ObservedService();
  service.answer({ id: 'one', pids: ['17', '18', '19'] }, requestsTo(1, 2));
  service.answer({ id: 'two', pids: ['18', '19'], uptime: 3_600 }, requestsTo(4));
  service.answer({ id: 'two', pids: ['18', '19', '20'], uptime: 3_600 }, requestsTo(8));
  service.marks.add('deploy');
  service.answer({ id: 'two', pids: ['18', '19', '20'], uptime: 3_600 }, requestsTo(16));
  expect(sidesOf(service, service.marks.all[0])).toEqual({
    before: 15,
    after: 16,
    starts: [
      [0, 15],
      [0, 15],
    ],
  });
});

it('knows no start of a service whose history is older than the page', () => {
  const service = new ObservedService();
  service.answer({ id: 'one', uptime: 7_200 }, requestsTo(1, 2));
  service.timeline.intervals.shift();
  service.marks.add('deploy');
  service.answer({ id: 'one', uptime: 7_200 }, requestsTo(4));
  expect(sidesOf(service, service.marks.all[0])).toEqual({ before: 2, after: 4, starts: [[], []] });
});

it('keeps a comparison together when the clock of the service is set back', () => {
  const service = new ObservedService();
  service.setClock(3_600);
  service.answer({ id: 'one' }, requestsTo(1, 2));
  service.marks.add('deploy');
  service.setClock(100);
  service.answer({ id: 'one' }, requestsTo(4, 8));
  expect(sidesOf(service, service.marks.all[0])).toEqual({ before: 3, after: 12, starts: [[3_600], [90]] });
  expect(service.marks.times).toEqual([100_000]);
});

it('does not slide along after half an hour: that would be another look at each answer', () => {
  const service = new ObservedService();
  service.answer({ id: 'one' }, requestsTo(1));
  service.marks.add('deploy');
  const [mark] = service.marks.all;
  const after = (intervals: number) => {
    service.answer({ id: 'one' }, requestsTo(...Array<number>(intervals).fill(1)));
    return sidesOf(service, mark)?.after;
  };
  // 30 minutes are kept. The page compares from the mark on, and then from 15 minutes after it on.
  expect([after(359), after(1), after(1), after(1)]).toEqual([359, 360, 181, 182]);
});

it('compares the 20 endpoints that take most time, and none without requests on one side', () => {
  const service = new ObservedService();
  const all = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`GET /${i}`, counters(0, i + 1)]));
  service.answer({ id: 'one' }, [all]);
  service.marks.add('deploy');
  const { 'GET /29': _, ...others } = all;
  service.answer({ id: 'one' }, [others, {}]);
  const [mark] = service.marks.all;
  const keys = mark && service.marks.compare(mark)?.endpoints.map(({ key }) => key);
  expect(keys).toEqual(Array.from({ length: 19 }, (_, i) => `GET /${28 - i}`));
});

it('has nothing to compare before the first request after the mark', () => {
  const service = new ObservedService();
  expect(service.marks.add('too early')).toBe(false);
  service.answer({ id: 'one' }, requestsTo(1));
  expect(service.marks.add('deploy')).toBe(true);
  expect(sidesOf(service, service.marks.all[0])).toBe(undefined);
  service.answer({ id: 'one' }, [{ 'GET /b': counters(1) }, {}]);
  expect(sidesOf(service, service.marks.all[0])).toBe(undefined);
});

/** Creates the storage of a browser. @param text  what it contains for the service */
function storage(text: string | null, maxChars = 5_000_000): Map<string, string> {
  const items = new Map(text === null ? [] : [['apm shop', text]]);
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (value.length > maxChars) throw new Error('QuotaExceededError');
      items.set(key, value);
    },
  });
  return items;
}

it('stores marks, and compares with them after the page was closed', () => {
  storage(null);
  const service = new ObservedService();
  service.answer({ id: 'one', version: '1' }, requestsTo(1, 2));
  service.answer({ id: 'two', version: '2' }, requestsTo(4));
  service.marks.add('cache');
  service.marks.save();
  const later = new ObservedService();
  later.setClock(600);
  later.answer({ id: 'three', version: '2' }, requestsTo(8));
  expect(later.marks.all).toEqual(service.marks.all);
  expect(namesAndSides(later)).toEqual([
    ['1 → 2', 10_000, 3, 8],
    ['cache', 15_000, 4, 8],
  ]);
});

it('compares with the version that ran when the page was closed', () => {
  storage(null);
  const service = new ObservedService();
  service.answer({ id: 'one', version: '1' }, requestsTo(1));
  service.answer({ id: 'two', version: '1' }, requestsTo(2, 4));
  service.marks.save();
  const later = new ObservedService();
  later.setClock(600);
  later.answer({ id: 'three', version: '2' }, requestsTo(8));
  expect(namesAndSides(later)).toEqual([['1 → 2', 600_000, 6, 8]]);
});

it.each([
  ['text that is not JSON', '{'],
  ['nothing', 'null'],
  ['marks of an unknown shape', '{"marks":[{"name":"a","at":1,"before":{}}],"last":{"version":"1","before":{}}}'],
  [
    'marks of the first version of the page',
    '{"marks":[{"name":"deploy","at":5000,"before":{"from":0,"to":5000,"bounds":[0.1,1],"batches":[{"GET /a":[7,1,2,0.7,1,3]}]}}],"last":{"version":"1","before":{"from":0,"to":5000,"bounds":[0.1,1],"batches":[{"GET /a":[7,1,2,0.7,1,3]}]}}}',
  ],
  [
    'marks of five batches with named fields',
    '{"marks":[{"name":"deploy","at":5000,"before":{"from":0,"to":5000,"bounds":[0.1],"batches":[{"GET /a":{"requests":1,"clientErrors":0,"errors":0,"seconds":0.1,"counts":[1,0]}}]}}]}',
  ],
  ['marks of a later version of the page', '{"format":99,"marks":[{"name":"deploy","at":5000}]}'],
  ['a list of nothing', '[null]'],
  ['marks that are no list', '{"format":4,"marks":{},"last":[]}'],
  ['no marks', '{"format":4}'],
])('starts without marks when the browser has stored %s', (_, text) => {
  storage(text);
  const service = new ObservedService();
  service.answer({ id: 'one', version: '2' }, requestsTo(1));
  expect(service.marks.all).toEqual([]);
  service.marks.add('deploy');
  service.answer({ id: 'one', version: '2' }, requestsTo(2));
  expect(namesAndSides(service)).toEqual([['deploy', 5_000, 1, 2]]);
});

const INTACT = { times: [[0, 5]], starts: [0], endpoints: { 'GET /a': [[1, 0, 0.1, textOf(histogramOf([0.1]))]] } };
const MARK = { name: 'intact', at: 5_000, before: INTACT };
const withRow = (...row: unknown[]) => ({ ...MARK, before: { ...INTACT, endpoints: { 'GET /a': [row] } } });

it.each<[string, unknown]>([
  ['null', null],
  ['empty', {}],
  ['without a time', { ...MARK, at: null }],
  ['of a time that no calendar has', { ...MARK, at: 1e300 }],
  ['without a name', { ...MARK, name: 7 }],
  ['whose last interval is null', { ...MARK, last: null }],
  ['whose last interval has no number', { ...MARK, last: { process: 'one' } }],
  ['whose version is no text', { ...MARK, version: 2 }],
  ['without data', { ...MARK, before: null }],
  ['without times', { ...MARK, before: { ...INTACT, times: [[0]] } }],
  ['without starts', { ...MARK, before: { ...INTACT, starts: [null] } }],
  ['whose endpoints are a list', { ...MARK, before: { ...INTACT, endpoints: [] } }],
  ['with more rows than blocks', { ...MARK, before: { ...INTACT, endpoints: { 'GET /a': [0, 0] } } }],
  ['with a row that is null', { ...MARK, before: { ...INTACT, endpoints: { 'GET /a': [null] } } }],
  ['without seconds', withRow(1, 0, null, textOf(histogramOf([0.1])))],
  ['whose histogram is no text', withRow(1, 0, 0.1, [5, 0])],
  ['whose histogram is empty text', withRow(1, 0, 0.1, '')],
  ['whose histogram is garbled', withRow(1, 0, 0.1, '한국 ~~')],
  ['whose histogram is cut off', withRow(1, 0, 0.1, `${textOf(histogramOf([0.1]))}~`)],
])('drops a stored mark %s, and keeps the others', (_, broken) => {
  storage(JSON.stringify({ format: 4, marks: [broken, MARK], last: broken }));
  const service = new ObservedService();
  service.setClock(5);
  service.answer({ id: 'one', version: '2' }, requestsTo(2));
  expect(namesAndSides(service)).toEqual([['intact', 5_000, 1, 2]]);
});

/** Half an hour of a busy service: 25 endpoints, and 300 requests of each in an interval, from 1 ms to 1 s. */
function busyHalfHour(): ObservedService {
  const service = new ObservedService();
  const busy = countersOf(Array.from({ length: 300 }, (_, i) => 1000 ** (i / 300 - 1)));
  const keys = Array.from({ length: 25 }, (_, i) => `GET /api/v2/customers/:customer/orders/${i}`);
  service.answer({ id: 'one' }, Array(360).fill(Object.fromEntries(keys.map((key) => [key, busy]))));
  return service;
}

it('needs less than 2.5 million characters of the storage, whatever the service does', () => {
  const items = storage(null);
  const service = busyHalfHour();
  for (let i = 0; i < 8; i++) service.marks.add(`mark ${i}`);
  service.marks.save();
  expect(service.marks.all.map(({ name }) => name)).toEqual(['mark 3', 'mark 4', 'mark 5', 'mark 6', 'mark 7']);
  expect(items.get('apm shop')?.length).toBeLessThan(2_500_000);
});

it('stores the newest marks where the storage has no room for all', () => {
  const items = storage(null, 1_500_000);
  const service = busyHalfHour();
  for (let i = 0; i < 5; i++) service.marks.add(`mark ${i}`);
  const names = JSON.parse(items.get('apm shop') as string).marks.map(({ name }: Mark) => name);
  expect(names.length).toBeLessThan(5);
  expect(names.at(-1)).toBe('mark 4');
});
