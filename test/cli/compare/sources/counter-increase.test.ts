import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Blocks, edgesOf } from '../../../../src/cli/compare/sources/blocks.ts';
import { Increases } from '../../../../src/cli/compare/sources/counter-increase.ts';
import { Bounds, histories, type Stored } from '../../../../src/cli/compare/sources/history.ts';
import { DifferentBounds } from '../../../../src/cli/input-error.ts';

const BOUNDS = [0.1, 1, 5];

/** A histogram and a counter of `GET /` as they are stored, from what they said at each time; null: nothing. */
function stored(said: readonly (null | [requests: number, counts: number[], sum: number])[], labels = {}): Stored[] {
  const own = { path: '/', method: 'GET', ...labels };
  const times = said.flatMap((each, time) => (each ? [{ time: time + 1, each }] : []));
  const bucket = (le: string, index: number): Stored => ({
    name: 'http_duration_bucket',
    labels: { ...own, le },
    samples: times.map(({ time, each: [, counts] }) => [time, counts.slice(0, index + 1).reduce((a, b) => a + b, 0)]),
  });
  return [
    ...BOUNDS.map((bound, i) => bucket(i % 2 ? bound.toFixed(1) : String(bound), i)),
    bucket('+Inf', BOUNDS.length),
    { name: 'http_duration_sum', labels: own, samples: times.map(({ time, each }) => [time, each[2]]) },
    {
      name: 'http_requests_total',
      labels: { ...own, status_code: '200' },
      samples: times.map(({ time, each }) => [time, each[0]]),
    },
  ];
}

/** What a side of one block has of `GET /`. */
function counted(pieces: readonly (readonly Stored[])[], until: number, increases = new Increases()) {
  const bounds = new Bounds();
  const blocks = new Blocks('before', [0, until]);
  for (const piece of pieces) blocks.add(increases.add(histories(piece, 'here', bounds)));
  return blocks.side(bounds).blocks[0]?.endpoints.get('GET /');
}

it('leaves out what had been counted before, and tells buckets apart', () => {
  const said = stored([
    [100, [50, 30, 15, 5], 90],
    [107, [53, 31, 17, 6], 95],
  ]);
  expect(counted([said], 2)).toEqual({ requests: 7, errors: 0, seconds: 5, counts: [3, 1, 2, 1] });
});

it('a histogram begins anew as a whole, also where a bucket has overtaken what it had', () => {
  const said = stored([
    [100, [1, 90, 9, 0], 90],
    [30, [20, 5, 5, 0], 10],
  ]);
  expect(counted([said], 2)).toEqual({ requests: 30, errors: 0, seconds: 10, counts: [20, 5, 5, 0] });
  // No cumulative bucket falls here, and one of those in between does.
  const overtaken = stored([
    [10, [5, 5, 0, 0], 6],
    [11, [9, 2, 0, 0], 7],
  ]);
  expect(counted([overtaken], 2)).toEqual({ requests: 1, errors: 0, seconds: 7, counts: [9, 2, 0, 0] });
});

it('an endpoint without a request so far begins at 0; a process first seen in the middle has an unknown past', () => {
  const known = stored(
    [
      [5, [5, 0, 0, 0], 1],
      [5, [5, 0, 0, 0], 1],
    ],
    { path: '/old' },
  );
  const begins = stored([null, [4, [3, 1, 0, 0], 2]]);
  expect(counted([[...known, ...begins]], 2)).toEqual({ requests: 4, errors: 0, seconds: 2, counts: [3, 1, 0, 0] });
  expect(counted([begins], 2)).toBeUndefined();
  const other = stored([null, [4, [3, 1, 0, 0], 2]], { instance: 'b:1' });
  expect(counted([[...known, ...other]], 2)).toBeUndefined();
});

it('refuses other bounds', () => {
  const bounds = new Bounds();
  histories(stored([[1, [1, 0, 0, 0], 1]]), 'before.prom', bounds);
  const other = stored([[1, [1, 0, 0, 0], 1]]).filter(({ labels }) => labels.le !== '1.0');
  expect(() => histories(other, 'after.prom', bounds)).toThrow(new DifferentBounds('after.prom', BOUNDS, [0.1, 5]));
  expect(new DifferentBounds('after.prom', [0.1, 1], [0.1, 5]).message).toBe(
    'after.prom has other histogram bounds (0.1 5) than what it is put with (0.1 1): take both with the same APM_BUCKETS, or leave out the time before they were changed',
  );
});

it('refuses histograms of which parts are missing', () => {
  const cut = stored([[1, [1, 0, 0, 0], 1]]).filter(({ name }) => name !== 'http_duration_sum');
  expect(() => histories(cut, 'before.prom', new Bounds())).toThrow(
    'before.prom has no whole histogram: its _bucket series, le="+Inf" among them, and its _sum are needed',
  );
});

it('an increment belongs to the block in which its later reading lies; every one to exactly one', () => {
  const said = stored([1, 2, 4, 8, 16, 32, 64].map((n) => [n, [n, 0, 0, 0], n]));
  const bounds = new Bounds();
  const blocks = new Blocks('before', edgesOf(1, 7, 3));
  blocks.add(new Increases().add(histories(said, 'here', bounds)));
  const { blocks: found } = blocks.side(bounds);
  expect(found.map(({ from, to, endpoints }) => [from, to, endpoints.get('GET /')?.requests])).toEqual([
    [1, 3, 3],
    [3, 5, 12],
    [5, 7, 48],
  ]);
});

it('without the counter, as other SDKs have it, requests are those that were timed', () => {
  const labels = { http_route: '/', http_request_method: 'GET', http_response_status_code: '500' };
  const bucket = (le: string): Stored => ({
    name: 'http_server_request_duration_seconds_bucket',
    labels: { ...labels, le },
    samples: [
      [1, 1],
      [2, 4],
    ],
  });
  const sum: Stored = {
    name: 'http_server_request_duration_seconds_sum',
    labels,
    samples: [
      [1, 1],
      [2, 2],
    ],
  };
  expect(counted([[bucket('1'), bucket('+Inf'), sum]], 2)).toEqual({
    requests: 3,
    errors: 3,
    seconds: 1,
    counts: [3, 0],
  });
});

/** What falls into each bucket between two scrapes, for as long as a process runs. */
const run = fc.array(fc.array(fc.nat({ max: 1000 }), { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 12 });

const total = (counts: readonly number[]) => counts.reduce((sum, each) => sum + each, 0);

it('gives exactly what a simulated service counted, over restarts, however it is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 4 }), fc.nat({ max: 5 }), (runs, overlap) => {
      const said: [number, number[], number][] = [];
      let truth = [0, 0, 0, 0];
      for (const increments of runs) {
        let counts = [0, 0, 0, 0];
        for (const [i, added] of increments.entries()) {
          counts = counts.map((count, bucket) => count + (added[bucket] as number));
          // What was there when it was first looked at is the past; a restart that nothing shows is none.
          if (said.length > 0) truth = truth.map((count, bucket) => count + (added[bucket] as number));
          fc.pre(i > 0 || said.length === 0 || total(counts) < (said.at(-1)?.[0] as number));
          said.push([total(counts), counts, total(counts) / 8]);
        }
      }
      const all = stored(said);
      const cut = (from: number, to: number) =>
        all.map((each) => ({ ...each, samples: each.samples.filter(([time]) => time > from - overlap && time <= to) }));
      const pieces = [cut(0, 3), cut(3, 7), cut(7, 20), cut(20, 100)];
      const requests = total(truth);
      const expected = requests === 0 ? undefined : { requests, errors: 0, seconds: requests / 8, counts: truth };
      expect(counted(pieces, 100)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
