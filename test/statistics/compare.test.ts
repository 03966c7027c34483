import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExplicitHistogram } from '../../src/base/histogram/explicit-histogram.ts';
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';
import { quantileOf } from '../../src/base/histogram/histogram.ts';
import { compareSides } from '../../src/statistics/compare.ts';
import type { Block, Comparison, EndpointTotals, Method, Side } from '../../src/statistics/model.ts';
import { histogramQuantile } from '../page/support/scraped.ts';

const BOUNDS = [0.1, 0.2, 0.5, 1];
const SETTINGS = { objective: 0.5, confidence: 0.95 };
const METHODS: Method[] = ['rounds', 'periods', 'versions'];

const totalsOf = (counts: readonly number[], errors = 0): EndpointTotals => {
  const requests = counts.reduce((sum, count) => sum + count, 0);
  const histogram = new ExplicitHistogram(BOUNDS, counts);
  return { requests, errors, seconds: requests / 10, histogram, buckets: histogram };
};
/** How many requests each bucket has, by endpoint. */
type RequestCounts = Readonly<Record<string, readonly number[]>>;
const side = (name: string, blocks: readonly RequestCounts[], bounds: readonly number[] = BOUNDS): Side => ({
  name,
  bounds,
  blocks: blocks.map(
    (block, i): Block => ({
      from: i * 10,
      to: i * 10 + 10,
      endpoints: new Map(Object.entries(block).map(([key, counts]) => [key, totalsOf(counts)])),
    }),
  ),
});
const verdicts = ({ service, endpoints }: Comparison) =>
  Object.fromEntries(
    [service, ...endpoints].map(({ key, measures }) => [key, measures.slice(0, 3).map(({ verdict }) => verdict)]),
  );

/** Nearly the same counts in each block, with a fixed small variation. */
const varyingBlocks = (counts: readonly number[], blocks = 24): RequestCounts[] =>
  Array.from({ length: blocks }, (_, i) => ({
    'GET /a': counts.map((count) => Math.round(count * (1 + ((i * 7) % 5) / 50))),
  }));
const FAST = [900, 80, 15, 4, 1].map((n) => n * 10);
const SLOW = [20, 60, 900, 15, 5].map((n) => n * 10);

it('interpolates as Prometheus does', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { minLength: 5, maxLength: 5 }), fc.constantFrom(0.5, 0.9, 0.99), (counts, q) => {
      const found = quantileOf(new ExplicitHistogram(BOUNDS, counts), q);
      if (counts.every((count) => count === 0)) return void expect(found).toBeUndefined();
      const expected = histogramQuantile(
        [...BOUNDS, Number.POSITIVE_INFINITY].map((le, i) => [le, counts[i] as number]),
        q,
      );
      if (found?.value === Number.POSITIVE_INFINITY) expect(expected).toBe(1);
      else expect(found?.value).toBeCloseTo(expected, 12);
    }),
  );
});

describe.each(METHODS)('by %s', (method) => {
  const counts = fc.array(fc.nat(2_000), { minLength: 5, maxLength: 5 });
  const blocks = fc.array(fc.record({ 'GET /a': counts, 'POST /b': counts }), { minLength: 24, maxLength: 30 });
  const nonEmpty = blocks.filter((all) => all.some((one) => one['GET /a'].some((count) => count > 0)));

  it('reports the inverse change after swapping the sides', () => {
    fc.assert(
      fc.property(nonEmpty, nonEmpty, (one, other) => {
        const length = Math.min(one.length, other.length);
        const [a, b] = [side('a', one.slice(0, length)), side('b', other.slice(0, length))];
        const [there, back] = [compareSides(method, a, b, SETTINGS), compareSides(method, b, a, SETTINGS)];
        for (const { key, measures } of there.endpoints) {
          const opposite = back.endpoints.find((result) => result.key === key);
          measures.slice(0, 4).forEach(({ change }, i) => {
            const against = opposite?.measures[i]?.change;
            if (change?.value === undefined || against?.value === undefined) return;
            expect(1 + against.value).toBeCloseTo(1 / (1 + change.value), 6);
          });
        }
      }),
      { numRuns: 15 },
    );
  });

  it('finds an obvious change in both directions', () => {
    const [slow, fast] = [side('slow', varyingBlocks(SLOW)), side('fast', varyingBlocks(FAST))];
    expect(verdicts(compareSides(method, slow, fast, SETTINGS))['GET /a']?.[0]).toBe('better');
    expect(verdicts(compareSides(method, fast, slow, SETTINGS))['GET /a']?.[0]).toBe('worse');
  });

  it('does not call a service faster because of more requests to a fast endpoint', () => {
    const at = (fast: number, slow: number): RequestCounts[] =>
      Array.from({ length: 24 }, (_, i) => ({
        'GET /fast': [fast + (i % 3), 0, 0, 0, 0],
        'GET /slow': [0, 0, slow - (i % 3), slow, 0],
      }));
    const { service } = compareSides(method, side('a', at(100, 400)), side('b', at(4_000, 400)), SETTINGS);
    expect(service.measures.slice(0, 3).map(({ verdict }) => verdict)).toEqual([
      'below resolution',
      'below resolution',
      'below resolution',
    ]);
    const [before, after] = [service.measures[1]?.before?.value ?? 0, service.measures[1]?.after?.value ?? 0];
    expect(Math.abs(after / before - 1)).toBeLessThan(0.01);
  });

  it('gives the reason when there is no verdict', () => {
    const few = side(
      'few',
      Array.from({ length: 24 }, () => ({ 'GET /a': [1, 1, 1, 1, 0] })),
    );
    // A round needs 10 requests.
    const p50 = method === 'rounds' ? 'too few requests' : 'below resolution';
    expect(verdicts(compareSides(method, few, few, SETTINGS))['GET /a']).toEqual([
      p50,
      'too few requests',
      'too few requests',
    ]);
    // Above the top bound the direction is known, but not the size.
    const over = side('over', varyingBlocks([0, 0, 0, 0, 1_000]));
    const { measures } = compareSides(method, over, side('fast', varyingBlocks(FAST)), SETTINGS)
      .endpoints[0] as Comparison['service'];
    expect(measures[0]).toMatchObject({
      before: { value: Number.POSITIVE_INFINITY },
      change: undefined,
      verdict: 'better',
    });
  });

  it('claims nothing from a single block', () => {
    const { endpoints, durations } = compareSides(
      method,
      side('a', varyingBlocks(SLOW, 1)),
      side('b', varyingBlocks(FAST, 1)),
      SETTINGS,
    );
    expect(endpoints[0]?.measures[0]).toMatchObject({ verdict: 'too short', change: undefined, p: undefined });
    const needed = { rounds: [30, 30], periods: [120, 60], versions: [120, 120] }[method];
    expect(durations).toEqual(needed.map((seconds) => ({ seconds: 10, needed: seconds })));
  });
});

it('counts slow and failed requests exactly', () => {
  const withErrors = (blocks: RequestCounts[], failed: number): Side => {
    const made = side('x', blocks);
    return {
      ...made,
      blocks: made.blocks.map((block) => ({
        ...block,
        endpoints: new Map(Array.from(block.endpoints, ([key, totals]) => [key, { ...totals, errors: failed }])),
      })),
    };
  };
  const before = withErrors([{ 'GET /a': [5, 0, 3, 1, 1] }], 2);
  const after = withErrors([{ 'GET /a': [8, 0, 2, 0, 0], 'GET /new': [1, 0, 0, 0, 0] }], 0);
  const { endpoints, missing } = compareSides('periods', before, after, SETTINGS);
  expect(endpoints[0]).toMatchObject({ key: 'GET /a', requests: [10, 10] });
  expect(endpoints[0]?.measures.slice(4).map(({ before, after }) => [before?.value, after?.value])).toEqual([
    [0.2, 0],
    [0.2, 0],
  ]);
  expect(missing).toEqual({ before: [], after: ['GET /new'] });
});

describe('the service', () => {
  const each = (block: (i: number) => RequestCounts, blocks = 24): RequestCounts[] =>
    Array.from({ length: blocks }, (_, i) => block(i));

  it('has the measured figures before, even if its mix varied', () => {
    const varied = side(
      'varied',
      each(
        (i): RequestCounts =>
          i % 2 === 0
            ? { 'GET /a': [1_000, 0, 0, 0, 0], 'GET /b': [10, 0, 0, 0, 0] }
            : { 'GET /a': [10, 0, 0, 90, 0], 'GET /b': [1_000, 0, 0, 0, 0] },
      ),
    );
    const { service } = compareSides('periods', varied, varied, SETTINGS);
    expect(service.measures[4]?.before?.value).toBeCloseTo(90 / 2_110, 12);
    expect(service.measures.slice(0, 3).map(({ before }) => before?.value)).toEqual(
      [0.5, 0.9, 0.99].map((q) =>
        expect.closeTo(quantileOf(new ExplicitHistogram(BOUNDS, [2_020, 0, 0, 90, 0]), q)?.value as number, 12),
      ),
    );
  });

  it('does not fail more often because of more requests to a failing endpoint', () => {
    const failing = (name: string, requests: number): Side => {
      const { blocks, ...made } = side(
        name,
        each(() => ({ 'GET /a': FAST, 'GET /b': [requests, 0, 0, 0, 0] })),
      );
      const failed = (key: string, counts: EndpointTotals) => ({
        ...counts,
        errors: key === 'GET /b' ? counts.requests / 2 : 0,
      });
      return {
        ...made,
        blocks: blocks.map(({ endpoints, ...block }) => ({
          ...block,
          endpoints: new Map(Array.from(endpoints, ([key, counts]) => [key, failed(key, counts)])),
        })),
      };
    };
    const { service } = compareSides('rounds', failing('a', 10_000), failing('b', 90_000), SETTINGS);
    expect([service.measures[5]?.before?.value, service.measures[5]?.after?.value]).toEqual([
      expect.closeTo(0.25, 12),
      expect.closeTo(0.25, 12),
    ]);
    expect(service.requests).toEqual([480_000, 2_400_000]);
  });

  it.each(METHODS)('claims nothing from a few requests that would stand for most of the mix, by %s', (method) => {
    const before = side(
      'a',
      each((i) => ({ 'GET /a': [0, 90 + (i % 5), 900, 0, 0], 'GET /b': [100, 0, 0, 0, 0] })),
    );
    const later = (blocks: (i: number) => boolean, requests: number) =>
      side(
        'b',
        each((i) => ({ ...(blocks(i) && { 'GET /a': [requests, 0, 0, 0, 0] }), 'GET /b': [4_000, 0, 0, 0, 0] })),
      );
    // Three requests of the endpoint; then many in one block, whose variation is unknown.
    const found = [later((i) => i === 3, 3), later((i) => i === 3, 5_000)].map(
      (side) => verdicts(compareSides(method, before, side, SETTINGS)).service,
    );
    expect(found.flat()).toEqual(new Array(6).fill('too few requests'));
  });

  it('is judged without endpoints that have no timed requests, such as event streams', () => {
    const streaming = (name: string, counts: readonly number[]) => {
      const { blocks, ...made } = side(name, varyingBlocks(counts));
      const streams: EndpointTotals = { ...totalsOf([0, 0, 0, 0, 0]), requests: 5 };
      return {
        ...made,
        blocks: blocks.map((block) => ({
          ...block,
          endpoints: new Map([...block.endpoints, ['GET /events', streams]]),
        })),
      };
    };
    const { service, endpoints } = compareSides('rounds', streaming('a', SLOW), streaming('b', FAST), SETTINGS);
    const [endpoint] = compareSides(
      'rounds',
      side('a', varyingBlocks(SLOW)),
      side('b', varyingBlocks(FAST)),
      SETTINGS,
    ).endpoints;
    expect(service.measures.slice(0, 5).map(({ verdict }) => verdict)).toEqual(
      endpoint?.measures.slice(0, 5).map(({ verdict }) => verdict),
    );
    expect(service.measures[0]?.verdict).toBe('better');
    expect(endpoints[1]).toMatchObject({ key: 'GET /events', requests: [120, 120] });
    expect(endpoints[1]?.measures[4]?.before).toBeUndefined();
  });
});

it('claims nothing where one block with most of the requests contradicts the others', () => {
  const blocks = (one: readonly number[], last: readonly number[]): RequestCounts[] =>
    Array.from({ length: 12 }, (_, i) => ({ 'GET /a': i < 11 ? one.map((count) => count + (i % 3)) : last }));
  const before = side('a', blocks([20, 0, 80, 0, 0], [200_000, 0, 0, 0, 0]));
  const after = side('b', blocks([90, 0, 10, 0, 0], [0, 0, 110_000, 0, 0]));
  for (const method of METHODS) {
    const [p50] = compareSides(method, before, after, SETTINGS).endpoints[0]?.measures ?? [];
    expect(p50?.verdict).toBe('no evidence');
    expect(Number(p50?.change?.low) < 0 && Number(p50?.change?.high) > 0).toBe(true);
  }
});

it.each<Method>(['rounds', 'periods', 'versions'])(
  'is long enough with the time that it said is needed, by %s',
  (method) => {
    for (const seconds of [1, 5, 15, 37.5, 60, 300]) {
      const of = (name: string, blocks: number, counts: readonly number[]): Side => {
        const made = side(name, varyingBlocks(counts, blocks));
        return {
          ...made,
          blocks: made.blocks.map((block, i) => ({ ...block, from: i * seconds, to: (i + 1) * seconds })),
        };
      };
      const short = compareSides(method, of('a', 2, SLOW), of('b', 2, FAST), SETTINGS);
      expect(new Set(short.endpoints[0]?.measures.map(({ verdict }) => verdict))).toEqual(new Set(['too short']));
      const [before, after] = short.durations.map(({ needed }) => Math.ceil(needed / seconds - 1e-9)) as [
        number,
        number,
      ];
      const enough = compareSides(method, of('a', before, SLOW), of('b', after, FAST), SETTINGS);
      expect(enough.endpoints[0]?.measures.map(({ verdict }) => verdict)).not.toContain('too short');
      expect(enough.durations.every(({ seconds, needed }) => seconds >= needed - 1e-9)).toBe(true);
    }
  },
);

it('ignores an endpoint without timed requests, such as an event stream, for the service', () => {
  const streams: Side['blocks'][number]['endpoints'] = new Map([
    ['GET /events', { ...totalsOf([0, 0, 0, 0, 0]), requests: 50 }],
  ]);
  const withStreams = (one: Side): Side => ({
    ...one,
    blocks: one.blocks.map((block) => ({ ...block, endpoints: new Map([...block.endpoints, ...streams]) })),
  });
  const [before, after] = [side('before', varyingBlocks(SLOW)), side('after', varyingBlocks(FAST))];
  for (const method of METHODS) {
    const { service } = compareSides(method, before, after, SETTINGS);
    const both = compareSides(method, withStreams(before), withStreams(after), SETTINGS);
    expect(both.service.measures[0]?.verdict).toBe('better');
    expect(both.service.measures.slice(0, 5)).toEqual(service.measures.slice(0, 5));
    const timedBefore = {
      ...before,
      blocks: before.blocks.map((block) => ({
        ...block,
        endpoints: new Map([...block.endpoints, ['GET /events', totalsOf(SLOW)] as const]),
      })),
    };
    const oneSided = compareSides(method, timedBefore, withStreams(after), SETTINGS);
    expect(oneSided.service.measures.slice(0, 5)).toEqual(service.measures.slice(0, 5));
  }
});

it('needs stronger evidence with more comparisons', () => {
  const blocks = (spread: number, others: number): RequestCounts[] =>
    Array.from({ length: 6 }, (_, i) => ({
      'GET /a': [500 + spread * ((i * 5) % 7), 500, 0, 0, 0],
      ...Object.fromEntries(Array.from({ length: others }, (_, n) => [`GET /${n}`, [90, 10, 0, 0, 0]])),
    }));
  const p = (others: number) => {
    const sides = [side('a', blocks(10, others)), side('b', blocks(30, others))] as const;
    const { endpoints } = compareSides('rounds', ...sides, SETTINGS);
    return endpoints.find(({ key }) => key === 'GET /a')?.measures[0]?.p ?? 1;
  };
  expect(p(0)).toBeGreaterThan(0);
  expect(p(5)).toBeGreaterThan(2 * p(0));
});

describe('with fine histograms', () => {
  /** Requests of about 20 ms times `factor`, the same for the same seed. */
  const fineSide = (factor: number, seed: number, blocks = 36): Side => {
    let state = seed;
    const next = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    return {
      name: 'fine',
      blocks: Array.from({ length: blocks }, (_, i): Block => {
        const histogram = new FineHistogram();
        let seconds = 0;
        for (let n = 0; n < 100; n++) {
          const spread = next() + next() + next() + next() - 2;
          const duration = 0.02 * factor * Math.exp(0.6 * spread);
          histogram.record(duration);
          seconds += duration;
        }
        const totals = { requests: 100, errors: 0, seconds, histogram };
        return { from: i * 5, to: i * 5 + 5, endpoints: new Map([['GET /a', totals]]) };
      }),
    };
  };

  it.each(METHODS)('proves that 20 ms became 17 ms, which the default buckets cannot, by %s', (method) => {
    const { endpoints } = compareSides(method, fineSide(1, 1), fineSide(0.85, 2), SETTINGS);
    const [p50] = endpoints[0]?.measures ?? [];
    expect(p50?.verdict).toBe('better');
    expect(Number(p50?.change?.low)).toBeLessThan(-0.15);
    expect(Number(p50?.change?.high)).toBeGreaterThan(-0.15);
    expect(Number(p50?.change?.high)).toBeLessThan(-0.05);
  });

  it('never has an interval narrower than the buckets, even without any variation', () => {
    const steady = (seconds: number): Side => ({
      name: 'steady',
      blocks: Array.from({ length: 36 }, (_, i): Block => {
        const histogram = new FineHistogram();
        for (let n = 0; n < 100; n++) histogram.record(seconds);
        const totals = { requests: 100, errors: 0, seconds: 100 * seconds, histogram };
        return { from: i * 5, to: i * 5 + 5, endpoints: new Map([['GET /a', totals]]) };
      }),
    });
    for (const method of METHODS) {
      const [p50, p90] = compareSides(method, steady(1.9), steady(0.191), SETTINGS).endpoints[0]?.measures ?? [];
      for (const result of [p50, p90]) {
        expect(result?.verdict).toBe('better');
        const { low = 0, high = 0 } = result?.change ?? {};
        expect(low).toBeLessThan(0.191 / 1.9 - 1);
        expect(high).toBeGreaterThan(0.191 / 1.9 - 1);
        expect(high - low).toBeGreaterThan(0.003);
      }
    }
  });

  it('gives no number for a change that explicit buckets leave open, but its interval', () => {
    // Few requests, so that the interval is wider than the bucket, too.
    const few = (counts: readonly number[], errors: number) =>
      side(
        'few',
        Array.from({ length: 24 }, (_, i) => ({ 'GET /a': counts.map((count) => (count * (1 + (i % 4))) | 0) })),
      ).blocks.map((block) => ({
        ...block,
        endpoints: new Map(Array.from(block.endpoints, ([key, totals]) => [key, { ...totals, errors }] as const)),
      }));
    const [before, after] = [few([4, 5, 3, 2, 0], 1), few([5, 5, 2, 2, 0], 2)].map((blocks) => ({ name: 'x', blocks }));
    for (const method of METHODS) {
      const { endpoints } = compareSides(method, before as Side, after as Side, { ...SETTINGS, objective: 0.3 });
      const [p50, , , mean, slow, errors] = endpoints[0]?.measures ?? [];
      for (const open of [p50, slow]) {
        expect(open?.change).toMatchObject({ value: undefined, low: expect.any(Number), high: expect.any(Number) });
        expect(['below resolution', 'no evidence']).toContain(open?.verdict);
      }
      // These do not come from buckets.
      expect([mean, errors].map((exact) => typeof exact?.change?.value)).toEqual(['number', 'number']);
    }
    const fine = compareSides('periods', fineSide(1, 1), fineSide(1, 2), SETTINGS).endpoints[0]?.measures[0];
    expect(typeof fine?.change?.value).toBe('number');
  });

  it('compares a side that has fine histograms with one that has not by the buckets of both', () => {
    const withBuckets = (one: Side, isFine: boolean): Side => ({
      ...one,
      bounds: [0.015, 0.025, 0.05],
      blocks: one.blocks.map((block) => ({
        ...block,
        endpoints: new Map(
          Array.from(block.endpoints, ([key, totals]) => {
            const buckets = new ExplicitHistogram([0.015, 0.025, 0.05], [20, 60, 15, 5]);
            return [key, { ...totals, buckets, histogram: isFine ? totals.histogram : buckets }] as const;
          }),
        ),
      })),
    });
    const [before, after] = [fineSide(1, 1), fineSide(0.85, 2)];
    const mixed = compareSides('periods', withBuckets(before, false), withBuckets(after, true), SETTINGS);
    const explicit = compareSides('periods', withBuckets(before, false), withBuckets(after, false), SETTINGS);
    expect(mixed.endpoints).toEqual(explicit.endpoints);
    const reverse = compareSides('periods', withBuckets(before, true), withBuckets(after, false), SETTINGS);
    expect(reverse.endpoints).toEqual(explicit.endpoints);
    expect(mixed.endpoints[0]?.measures[0]).toMatchObject({ verdict: 'below resolution' });
  });
});
