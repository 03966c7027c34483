import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PageSide } from '../../../src/page/browser/model/comparison-side.ts';
import { decodeSide, encodeSide } from '../../../src/page/browser/model/stored-side.ts';
import type { EndpointTotals } from '../../../src/statistics/model.ts';
import { histogramOf } from '../support/durations.ts';

/** From 100 ns to 10 minutes: a histogram of all of them is coarser than one of a few. */
const seconds = fc
  .double({ min: -7, max: 2.8, noNaN: true })
  .map((exponent) => Number((10 ** exponent).toPrecision(3)));

const totals = fc.record({ durations: fc.array(seconds, { maxLength: 60 }), errors: fc.nat(3) }).map(
  ({ durations, errors }): EndpointTotals => ({
    requests: durations.length + errors,
    errors,
    seconds: Math.round(1e6 * durations.reduce((sum, value) => sum + value, 0)) / 1e6,
    histogram: histogramOf(durations),
  }),
);
const endpoints = fc.dictionary(fc.constantFrom('GET /a', 'POST /b|`"', 'GET /한국'), totals);
const side = fc.array(endpoints, { minLength: 1, maxLength: 8 }).map(
  (all): PageSide => ({
    blocks: all.map((one, i) => ({ from: 5 * i, to: 5 * i + 5, endpoints: new Map(Object.entries(one)) })),
    starts: [0],
  }),
);

it('restores a side as it was, also endpoints without requests in a block and histograms of different scales', () => {
  fc.assert(
    fc.property(side, (given) => {
      expect(decodeSide(JSON.parse(JSON.stringify(encodeSide(given))))).toEqual(given);
    }),
  );
});

it('leaves out the endpoints that take least time where they do not fit', () => {
  const busy = (each: number): EndpointTotals => {
    const durations = Array.from({ length: 400 }, (_, i) => each * 1.02 ** i);
    return {
      requests: 400,
      errors: 0,
      seconds: durations.reduce((sum, value) => sum + value),
      histogram: histogramOf(durations),
    };
  };
  const endpoints = new Map(Array.from({ length: 40 }, (_, i) => [`GET /${i}`, busy(0.001 + i / 1e5)]));
  const blocks = Array.from({ length: 60 }, (_, i) => ({ from: 5 * i, to: 5 * i + 5, endpoints }));
  const stored = encodeSide({ blocks });
  const kept = Object.keys(stored.endpoints);
  expect(JSON.stringify(stored).length).toBeLessThan(420_000);
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => `GET /${39 - i}`));
  expect(kept.length).toBeGreaterThan(10);
});
