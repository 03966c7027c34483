import { expect, it } from 'vitest';
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';
import { compareSides } from '../../src/statistics/compare.ts';
import type { Block, Side } from '../../src/statistics/model.ts';
import { findStartUps } from '../../src/statistics/start-up.ts';
import { seededRandom } from '../support/seeded-random.ts';

const SETTINGS = { objective: 0.5, confidence: 0.95 };
const BLOCK_SECONDS = 5;

/** Blocks of 5 s whose requests take about 20 ms times `slower`. */
function sideOf(slower: (seconds: number) => number, minutes = 5, seed = 1): Side {
  let state = seed;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return {
    name: 'side',
    blocks: Array.from({ length: (minutes * 60) / BLOCK_SECONDS }, (_, i): Block => {
      const from = i * BLOCK_SECONDS;
      const histogram = new FineHistogram();
      let seconds = 0;
      for (let n = 0; n < 60; n++) {
        const duration = 0.02 * slower(from + BLOCK_SECONDS / 2) * Math.exp(0.5 * (next() + next() - 1));
        histogram.record(duration);
        seconds += duration;
      }
      const totals = { requests: 60, errors: 0, seconds, histogram };
      return { from, to: from + BLOCK_SECONDS, endpoints: new Map([['GET /a', totals]]) };
    }),
  };
}

const decaying = (at: number) => (seconds: number) => (seconds < at ? 1 : 1 + 2 * Math.exp(-(seconds - at) / 15));
const steady = () => 1;
const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const after = sideOf(steady, 5, 7);

it('leaves out the start-up of a process, and says how much', () => {
  const before = { ...sideOf(decaying(0)), starts: [0] };
  const { leftOut, durations, service, endpoints } = compareSides('periods', before, after, SETTINGS);
  expect(leftOut[0]).toBeGreaterThanOrEqual(20);
  expect(leftOut[0]).toBeLessThanOrEqual(90);
  expect([leftOut[1], durations[0].seconds]).toEqual([0, 300 - leftOut[0]]);
  const requests = [12 * durations[0].seconds, 12 * durations[1].seconds];
  expect([service.requests, endpoints[0]?.requests]).toEqual([requests, requests]);
  const [p50] = endpoints[0]?.measures ?? [];
  expect(p50?.before?.value).toBeGreaterThan(0.0195);
  expect(p50?.before?.value).toBeLessThan(0.0208);
});

it('leaves out a restart in the middle of a side', () => {
  const before = { ...sideOf(decaying(150)), starts: [-1000, 150] };
  const { leftOut } = compareSides('periods', before, after, SETTINGS);
  expect(leftOut[0]).toBeGreaterThanOrEqual(20);
  expect(leftOut[0]).toBeLessThanOrEqual(75);
});

it('leaves out nothing where no process started, or where its start made nothing slower', () => {
  const withoutStart = compareSides('periods', sideOf(decaying(0)), after, SETTINGS);
  const withoutSlowness = compareSides('periods', { ...sideOf(steady), starts: [0] }, after, SETTINGS);
  const longAgo = compareSides('periods', { ...sideOf(decaying(0)), starts: [-3600] }, after, SETTINGS);
  expect([withoutStart, withoutSlowness, longAgo].map(({ leftOut }) => leftOut)).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});

it('leaves out nothing of a recording that began a minute after the start of its process', () => {
  const found = [-8, -68].map(
    (start) => compareSides('periods', { ...sideOf(decaying(0)), starts: [start] }, after, SETTINGS).leftOut[0],
  );
  expect(found[0]).toBeGreaterThanOrEqual(20);
  expect(found[1]).toBe(0);
});

/** Two sides that both began with a start, and had nothing slower but what is given. @returns in how many of 100 it is cut */
function wrongCuts(logSlowness: (random: () => number) => (seconds: number) => number): number {
  const random = seededRandom(3);
  const sides = Array.from({ length: 100 }, (_, i) => {
    const slowness = logSlowness(random);
    return { ...sideOf((seconds) => Math.exp(slowness(seconds)), 5, i + 1), starts: [0] };
  });
  return sides.filter((side) => findStartUps(side).size > 0).length;
}

it('takes neither a drift nor outages of 15 s for a start-up', () => {
  const drift = (spread: number, memorySeconds: number) => (random: () => number) => {
    const kept = Math.exp(-BLOCK_SECONDS / memorySeconds);
    let x = spread * normal(random);
    return () => (x = kept * x + spread * Math.sqrt(1 - kept * kept) * normal(random));
  };
  const outages = (random: () => number) => {
    const begins = Array.from({ length: 2 }, () => 300 * random());
    return (seconds: number) => (begins.some((begin) => seconds >= begin && seconds < begin + 15) ? Math.log(5) : 0);
  };
  const found = [drift(0.05, 120), drift(0.1, 300), drift(0.1, 30), drift(0.2, 20), outages].map(wrongCuts);
  expect(Math.max(...found)).toBeLessThanOrEqual(5);
});

it('leaves out the same time of two versions', () => {
  const fresh = { ...sideOf(decaying(0)), starts: [0] };
  const { leftOut } = compareSides('versions', sideOf(steady), fresh, SETTINGS);
  expect(leftOut[0]).toBe(leftOut[1]);
  expect(leftOut[1]).toBeGreaterThanOrEqual(20);
});

it('holds a verdict between two looks of a comparison that somebody watches', () => {
  const shown = (minutes: number) => {
    const { service, endpoints } = compareSides(
      'periods',
      sideOf(steady),
      sideOf(() => 0.8, minutes, 3),
      {
        ...SETTINGS,
        watched: true,
      },
    );
    return JSON.stringify([service.measures, endpoints.map(({ measures }) => measures)]);
  };
  const [one, later, two, three, almostFour, four] = [1, 1.5, 2, 3, 47 / 12, 4].map(shown);
  expect([later, three, almostFour]).toEqual([one, two, two]);
  expect(two).not.toBe(one);
  expect(four).not.toBe(two);
});

it('counts the requests up to the last look of a comparison that somebody watches', () => {
  const later = sideOf(steady, 3.5, 3);
  const { endpoints } = compareSides('periods', sideOf(steady), later, { ...SETTINGS, watched: true });
  expect(endpoints[0]?.requests).toEqual([12 * 300, 12 * 120]);
});

it('needs stronger evidence where somebody watches', () => {
  const sides = [sideOf(steady), sideOf(() => 0.9, 4, 3)] as const;
  const p = (watched: boolean) =>
    compareSides('periods', ...sides, { ...SETTINGS, watched }).endpoints[0]?.measures[3]?.p ?? 1;
  expect(p(true)).toBeGreaterThan(p(false));
});
