import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile } from '../../../../src/base/histogram.ts';
import type { Block, Comparison, EndpointTotals, Method, Side } from '../../../../src/cli/compare/model.ts';
import { compareSides } from '../../../../src/cli/compare/statistics/compare.ts';
import { BoundsMismatch, InputError } from '../../../../src/cli/input-error.ts';
import { histogramQuantile } from '../../../page/support/scraped.ts';

const BOUNDS = [0.1, 0.2, 0.5, 1];
const SETTINGS = { objective: 0.5, confidence: 0.95 };
const METHODS: Method[] = ['rounds', 'periods', 'versions'];

const totalsOf = (counts: readonly number[], errors = 0): EndpointTotals => {
  const requests = counts.reduce((sum, count) => sum + count, 0);
  return { requests, errors, seconds: requests / 10, counts };
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
    [service, ...endpoints].map(({ key, quantiles }) => [key, quantiles.map(({ verdict }) => verdict)]),
  );

/** Nearly the same counts in each block, with a fixed small variation. */
const varyingBlocks = (counts: readonly number[], blocks = 24): RequestCounts[] =>
  Array.from({ length: blocks }, (_, i) => ({
    'GET /a': counts.map((count) => Math.round(count * (1 + ((i * 7) % 5) / 50))),
  }));
const FAST = [900, 80, 15, 4, 1].map((n) => n * 10);
const SLOW = [80, 900, 15, 4, 1].map((n) => n * 10);

it('interpolates as Prometheus does', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { minLength: 5, maxLength: 5 }), fc.constantFrom(0.5, 0.9, 0.99), (counts, q) => {
      const found = quantile(BOUNDS, counts, q);
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
        for (const { key, quantiles } of there.endpoints) {
          const opposite = back.endpoints.find((result) => result.key === key);
          quantiles.forEach(({ change }, i) => {
            const against = opposite?.quantiles[i]?.change;
            if (change === undefined || against === undefined) return;
            expect(1 + against).toBeCloseTo(1 / (1 + change), 6);
          });
        }
      }),
      { numRuns: 50 },
    );
  });

  it('finds an obvious change in both directions', () => {
    const [slow, fast] = [side('slow', varyingBlocks(SLOW)), side('fast', varyingBlocks(FAST))];
    expect(verdicts(compareSides(method, slow, fast, SETTINGS))['GET /a']?.[0]).toBe('faster');
    expect(verdicts(compareSides(method, fast, slow, SETTINGS))['GET /a']?.[0]).toBe('slower');
  });

  it('does not call a service faster because of more requests to a fast endpoint', () => {
    const at = (fast: number, slow: number): RequestCounts[] =>
      Array.from({ length: 24 }, (_, i) => ({
        'GET /fast': [fast + (i % 3), 0, 0, 0, 0],
        'GET /slow': [0, 0, slow - (i % 3), slow, 0],
      }));
    const { service } = compareSides(method, side('a', at(100, 400)), side('b', at(4_000, 400)), SETTINGS);
    expect(service.quantiles.map(({ verdict }) => verdict)).toEqual([
      'below resolution',
      'below resolution',
      'below resolution',
    ]);
    const [before, after] = [service.quantiles[1]?.before ?? 0, service.quantiles[1]?.after ?? 0];
    expect(Math.abs(after / before - 1)).toBeLessThan(0.01);
  });

  it('gives the reason when there is no verdict', () => {
    const few = side(
      'few',
      Array.from({ length: 24 }, () => ({ 'GET /a': [1, 1, 1, 1, 0] })),
    );
    expect(verdicts(compareSides(method, few, few, SETTINGS))['GET /a']).toEqual([
      'below resolution',
      'too few requests',
      'too few requests',
    ]);
    // Above the top bound the direction is known, but not the size.
    const over = side('over', varyingBlocks([0, 0, 0, 0, 1_000]));
    const { quantiles } = compareSides(method, over, side('fast', varyingBlocks(FAST)), SETTINGS)
      .endpoints[0] as Comparison['service'];
    expect(quantiles[0]).toMatchObject({ before: Number.POSITIVE_INFINITY, change: undefined, verdict: 'faster' });
  });

  it('claims nothing from a single block', () => {
    const { endpoints, method: described } = compareSides(
      method,
      side('a', varyingBlocks(SLOW, 1)),
      side('b', varyingBlocks(FAST, 1)),
      SETTINGS,
    );
    expect(endpoints[0]?.quantiles[0]).toMatchObject({ verdict: 'no evidence', low: undefined, p: undefined });
    expect(endpoints[0]?.quantiles[0]?.change).toBeLessThan(-0.3);
    const more = {
      rounds: ['3 blocks before and 3 after', 'give more --rounds'],
      periods: ['19 blocks before and 5 after', 'record more with apm snapshot --out before/'],
      versions: ['5 blocks before and 5 after', 'give a longer --since'],
    };
    const [blocks, remedy] = more[method];
    expect(described.text).toContain(
      `Nothing is claimed: at 95 %, ${blocks} are needed to know how much a service varies by itself (${remedy}).`,
    );
  });
});

it('counts slow and failed requests exactly', () => {
  const withErrors = (blocks: RequestCounts[], failed: number): Side => {
    const made = side('x', blocks);
    return {
      ...made,
      blocks: made.blocks.map((block) => ({
        ...block,
        endpoints: new Map(Array.from(block.endpoints, ([key, { counts }]) => [key, totalsOf(counts, failed)])),
      })),
    };
  };
  const before = withErrors([{ 'GET /a': [5, 0, 3, 1, 1] }], 2);
  const after = withErrors([{ 'GET /a': [8, 0, 2, 0, 0], 'GET /new': [1, 0, 0, 0, 0] }], 0);
  const { endpoints, missing } = compareSides('periods', before, after, SETTINGS);
  expect(endpoints[0]).toMatchObject({ key: 'GET /a', requests: [10, 10], slow: [0.2, 0], errors: [0.2, 0] });
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
    expect(service.slow[0]).toBeCloseTo(90 / 2_110, 12);
    expect(service.quantiles.map(({ before }) => before)).toEqual(
      [0.5, 0.9, 0.99].map((q) => expect.closeTo(quantile(BOUNDS, [2_020, 0, 0, 90, 0], q)?.value as number, 12)),
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
    expect(service.errors).toEqual([0.25, expect.closeTo(0.25, 12)]);
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
      const streams: EndpointTotals = { requests: 5, errors: 0, seconds: 0, counts: [0, 0, 0, 0, 0] };
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
    expect(service.quantiles.map(({ verdict }) => verdict)).toEqual(endpoint?.quantiles.map(({ verdict }) => verdict));
    expect(service.quantiles[0]?.verdict).toBe('faster');
    expect(endpoints[1]).toMatchObject({ key: 'GET /events', requests: [120, 120], slow: [undefined, undefined] });
  });
});

it('claims nothing if the sum of all requests changed in the other direction than most blocks', () => {
  const blocks = (one: readonly number[], last: readonly number[]): RequestCounts[] =>
    Array.from({ length: 12 }, (_, i) => ({ 'GET /a': i < 11 ? one.map((count) => count + (i % 3)) : last }));
  const before = side('a', blocks([20, 80, 0, 0, 0], [200_000, 0, 0, 0, 0]));
  const after = side(
    'b',
    blocks(
      [90, 10, 0, 0, 0],
      [0, 200_000, 0, 0, 0].map((count) => count * 0.55),
    ),
  );
  const { endpoints } = compareSides('rounds', before, after, SETTINGS);
  expect(endpoints[0]?.quantiles[0]).toMatchObject({ verdict: 'no evidence' });
});

it('needs more windows for a higher confidence', () => {
  const sides = (blocks: number) =>
    [side('slow', varyingBlocks(SLOW, blocks)), side('fast', varyingBlocks(FAST, blocks))] as const;
  const at = (confidence: number, blocks: number) => {
    const { endpoints, method } = compareSides('periods', ...sides(blocks), { ...SETTINGS, confidence });
    return [endpoints[0]?.quantiles[0]?.verdict, /at \d+ %, .* after/.exec(method.text)?.[0]];
  };
  expect(at(0.95, 19)).toEqual(['faster', undefined]);
  expect(at(0.99, 98)).toEqual(['no evidence', 'at 99 %, 99 blocks before and 5 after']);
  expect(at(0.99, 99)).toEqual(['faster', undefined]);
});

it('refuses sides that cannot be compared', () => {
  const a = side('a', [{ 'GET /a': FAST }]);
  expect(() => compareSides('periods', a, side('b', [{ 'GET /a': [1, 1] }], [1]), SETTINGS)).toThrow(BoundsMismatch);
  expect(() => compareSides('periods', a, side('b', [{ 'GET /b': FAST }]), SETTINGS)).toThrow(InputError);
  expect(() => compareSides('periods', a, a, { ...SETTINGS, objective: 0.3 })).toThrow(
    '--objective: expected one of the bounds (0.1, 0.2, 0.5, 1); got 0.3',
  );
});

it('needs stronger evidence with more comparisons, including those below resolution', () => {
  const blocks = (shares: readonly number[], others: number): RequestCounts[] =>
    shares.map((share) => ({
      'GET /a': [share, 100 - share, 0, 0, 0],
      ...Object.fromEntries(Array.from({ length: others }, (_, i) => [`GET /${i}`, [90, 10, 0, 0, 0]])),
    }));
  const found = (others: number) => {
    const [a, b] = [side('a', blocks([40, 48, 45, 42, 47], others)), side('b', blocks([60, 52, 50, 58, 55], others))];
    const { endpoints } = compareSides('rounds', a, b, SETTINGS);
    return endpoints.find(({ key }) => key === 'GET /a')?.quantiles[0];
  };
  expect(found(0)).toMatchObject({ verdict: 'faster', p: expect.closeTo(0.0466, 4) });
  expect(found(1)).toMatchObject({ verdict: 'no evidence', p: expect.closeTo(2 * 0.0466, 4) });
});

it('ignores an endpoint without timed requests, such as an event stream, for the service', () => {
  const streams: Side['blocks'][number]['endpoints'] = new Map([
    ['GET /events', { requests: 50, errors: 0, seconds: 0, counts: [0, 0, 0, 0, 0] }],
  ]);
  const withStreams = (one: Side): Side => ({
    ...one,
    blocks: one.blocks.map((block) => ({ ...block, endpoints: new Map([...block.endpoints, ...streams]) })),
  });
  const [before, after] = [side('before', varyingBlocks(SLOW)), side('after', varyingBlocks(FAST))];
  for (const method of METHODS) {
    const { service } = compareSides(method, before, after, SETTINGS);
    const both = compareSides(method, withStreams(before), withStreams(after), SETTINGS);
    expect(both.service.quantiles[0]?.verdict).toBe('faster');
    expect([both.service.quantiles, both.service.slow]).toEqual([service.quantiles, service.slow]);
    const timedBefore = {
      ...before,
      blocks: before.blocks.map((block) => ({
        ...block,
        endpoints: new Map([...block.endpoints, ['GET /events', totalsOf(SLOW)] as const]),
      })),
    };
    const oneSided = compareSides(method, timedBefore, withStreams(after), SETTINGS);
    expect([oneSided.service.quantiles, oneSided.service.slow]).toEqual([service.quantiles, service.slow]);
  }
  const only = side('before', [{}]);
  expect(() =>
    compareSides('rounds', { ...withStreams(only), bounds: [] }, { ...withStreams(only), bounds: [] }, SETTINGS),
  ).toThrow(new InputError('no request was timed: http_duration has no buckets; event streams are not timed'));
});

it('claims nothing that contradicts the shown percentiles', () => {
  // Every round is faster except the largest one, which has most of the requests.
  const rounds = (small: readonly number[], large: readonly number[]) =>
    side('one', [...Array.from({ length: 23 }, () => ({ 'GET /a': small })), { 'GET /a': large.map((n) => n * 1000) }]);
  const before = rounds(SLOW, FAST);
  const after = rounds(FAST, SLOW);
  const { endpoints } = compareSides('rounds', before, after, SETTINGS);
  const [p50] = endpoints[0]?.quantiles ?? [];
  expect((p50?.before ?? 0) < (p50?.after ?? 0) && (p50?.high ?? 0) < 0).toBe(true);
  expect(p50?.verdict).toBe('no evidence');
});
