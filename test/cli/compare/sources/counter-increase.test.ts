import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BlockBuilder, blockEdges } from '../../../../src/cli/compare/sources/blocks.ts';
import { IncreaseTracker } from '../../../../src/cli/compare/sources/counter-increase.ts';
import { buildHistories, SharedBounds, type StoredSeries } from '../../../../src/cli/compare/sources/history.ts';
import { BoundsMismatch } from '../../../../src/cli/input-error.ts';

const BOUNDS = [0.1, 1, 5];

/** The stored series of `GET /`: a histogram and a counter with these values at times 1, 2, ...; null means no sample. */
function stored(
  values: readonly (null | [requests: number, counts: number[], sum: number])[],
  labels = {},
): StoredSeries[] {
  const seriesLabels = { path: '/', method: 'GET', ...labels };
  const times = values.flatMap((each, time) => (each ? [{ time: time + 1, each }] : []));
  const bucket = (le: string, index: number): StoredSeries => ({
    name: 'http_duration_bucket',
    labels: { ...seriesLabels, le },
    samples: times.map(({ time, each: [, counts] }) => [time, counts.slice(0, index + 1).reduce((a, b) => a + b, 0)]),
  });
  return [
    ...BOUNDS.map((bound, i) => bucket(i % 2 ? bound.toFixed(1) : String(bound), i)),
    bucket('+Inf', BOUNDS.length),
    { name: 'http_duration_sum', labels: seriesLabels, samples: times.map(({ time, each }) => [time, each[2]]) },
    {
      name: 'http_requests_total',
      labels: { ...seriesLabels, status_code: '200' },
      samples: times.map(({ time, each }) => [time, each[0]]),
    },
  ];
}

/** The totals of `GET /` in a side of one block. */
function totalsOf(pages: readonly (readonly StoredSeries[])[], until: number, increases = new IncreaseTracker()) {
  const bounds = new SharedBounds();
  const blocks = new BlockBuilder('before', [0, until]);
  for (const page of pages) blocks.add(increases.add(buildHistories(page, 'here', bounds)));
  const totals = blocks.buildSide(bounds).blocks[0]?.endpoints.get('GET /');
  if (totals === undefined) return undefined;
  const { requests, errors, seconds, buckets } = totals;
  return { requests, errors, seconds, counts: buckets?.counts };
}

it('ignores earlier counts, and converts cumulative buckets', () => {
  const values = stored([
    [100, [50, 30, 15, 5], 90],
    [107, [53, 31, 17, 6], 95],
  ]);
  expect(totalsOf([values], 2)).toEqual({ requests: 7, errors: 0, seconds: 5, counts: [3, 1, 2, 1] });
});

it('restarts all buckets of a histogram together, even those with a higher value than before', () => {
  const values = stored([
    [100, [1, 90, 9, 0], 90],
    [30, [20, 5, 5, 0], 10],
  ]);
  expect(totalsOf([values], 2)).toEqual({ requests: 30, errors: 0, seconds: 10, counts: [20, 5, 5, 0] });
  // No cumulative bucket falls here, but the count of one bucket does.
  const overtaken = stored([
    [10, [5, 5, 0, 0], 6],
    [11, [9, 2, 0, 0], 7],
  ]);
  expect(totalsOf([overtaken], 2)).toEqual({ requests: 1, errors: 0, seconds: 7, counts: [9, 2, 0, 0] });
});

it('starts a new endpoint of a known process at 0, and ignores the past of a new process', () => {
  const known = stored(
    [
      [5, [5, 0, 0, 0], 1],
      [5, [5, 0, 0, 0], 1],
    ],
    { path: '/old' },
  );
  const appears = stored([null, [4, [3, 1, 0, 0], 2]]);
  expect(totalsOf([[...known, ...appears]], 2)).toEqual({ requests: 4, errors: 0, seconds: 2, counts: [3, 1, 0, 0] });
  expect(totalsOf([appears], 2)).toBeUndefined();
  const other = stored([null, [4, [3, 1, 0, 0], 2]], { instance: 'b:1' });
  expect(totalsOf([[...known, ...other]], 2)).toBeUndefined();
});

it('refuses histograms with different bounds', () => {
  const bounds = new SharedBounds();
  buildHistories(stored([[1, [1, 0, 0, 0], 1]]), 'before.prom', bounds);
  const other = stored([[1, [1, 0, 0, 0], 1]]).filter(({ labels }) => labels.le !== '1.0');
  expect(() => buildHistories(other, 'after.prom', bounds)).toThrow(new BoundsMismatch('after.prom', BOUNDS, [0.1, 5]));
  expect(new BoundsMismatch('after.prom', [0.1, 1], [0.1, 5]).message).toBe(
    'after.prom has histogram bounds 0.1 5, but 0.1 1 were expected: use the same APM_BUCKETS for both, or leave out the time before the change',
  );
});

it('refuses incomplete histograms', () => {
  const incomplete = stored([[1, [1, 0, 0, 0], 1]]).filter(({ name }) => name !== 'http_duration_sum');
  expect(() => buildHistories(incomplete, 'before.prom', new SharedBounds())).toThrow(
    'before.prom has no complete histogram: the _bucket series, including le="+Inf", and the _sum series are needed',
  );
});

it('puts each increase into the one block in which it ends', () => {
  const values = stored([1, 2, 4, 8, 16, 32, 64].map((n) => [n, [n, 0, 0, 0], n]));
  const bounds = new SharedBounds();
  const blocks = new BlockBuilder('before', blockEdges(1, 7, 3));
  blocks.add(new IncreaseTracker().add(buildHistories(values, 'here', bounds)));
  const { blocks: found } = blocks.buildSide(bounds);
  expect(found.map(({ from, to, endpoints }) => [from, to, endpoints.get('GET /')?.requests])).toEqual([
    [1, 3, 3],
    [3, 5, 12],
    [5, 7, 48],
  ]);
});

it('counts timed requests for an SDK without a request counter', () => {
  const labels = { http_route: '/', http_request_method: 'GET', http_response_status_code: '500' };
  const bucket = (le: string): StoredSeries => ({
    name: 'http_server_request_duration_seconds_bucket',
    labels: { ...labels, le },
    samples: [
      [1, 1],
      [2, 4],
    ],
  });
  const sum: StoredSeries = {
    name: 'http_server_request_duration_seconds_sum',
    labels,
    samples: [
      [1, 1],
      [2, 2],
    ],
  };
  expect(totalsOf([[bucket('1'), bucket('+Inf'), sum]], 2)).toEqual({
    requests: 3,
    errors: 3,
    seconds: 1,
    counts: [3, 0],
  });
});

/** The counts of each bucket between two scrapes, for one run of a process. */
const run = fc.array(fc.array(fc.nat({ max: 1000 }), { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 12 });

const total = (counts: readonly number[]) => counts.reduce((sum, each) => sum + each, 0);

it('finds exactly what a simulated service counted, over restarts and with any paging', () => {
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 4 }), fc.nat({ max: 5 }), (runs, overlap) => {
      const values: [number, number[], number][] = [];
      let truth = [0, 0, 0, 0];
      for (const increments of runs) {
        let counts = [0, 0, 0, 0];
        for (const [i, added] of increments.entries()) {
          counts = counts.map((count, bucket) => count + (added[bucket] as number));
          // The first scrape contains only earlier counts. A restart that no counter shows cannot be found.
          if (values.length > 0) truth = truth.map((count, bucket) => count + (added[bucket] as number));
          fc.pre(i > 0 || values.length === 0 || total(counts) < (values.at(-1)?.[0] as number));
          values.push([total(counts), counts, total(counts) / 8]);
        }
      }
      const all = stored(values);
      const page = (from: number, to: number) =>
        all.map((each) => ({ ...each, samples: each.samples.filter(([time]) => time > from - overlap && time <= to) }));
      const pages = [page(0, 3), page(3, 7), page(7, 20), page(20, 100)];
      const requests = total(truth);
      const expected = requests === 0 ? undefined : { requests, errors: 0, seconds: requests / 8, counts: truth };
      expect(totalsOf(pages, 100)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
