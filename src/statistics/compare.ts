import { ExplicitHistogram } from '../base/histogram/explicit-histogram.ts';
import { comparableSides } from './comparable-sides.ts';
import { judgeMeasure } from './judgement.ts';
import { blocksOfLastLook, WATCHED_LOOKS } from './looks.ts';
import { METHODS } from './methods.ts';
import {
  type Block,
  type CompareSettings,
  type Comparison,
  type Duration,
  type EndpointResult,
  type EndpointTotals,
  MEASURES,
  type MeasureResult,
  type Method,
  type Side,
} from './model.ts';
import { standardise, trafficMix } from './service.ts';
import { findStartUps } from './start-up.ts';
import { decideVerdicts } from './verdicts.ts';
import { createSeries, type Series, secondsOf } from './windows.ts';

type Pair<T> = readonly [before: T, after: T];

/**
 * Compares two sides, endpoint by endpoint and as a service.
 * @throws where their histograms have different buckets
 */
export function compareSides(method: Method, before: Side, after: Side, settings: CompareSettings): Comparison {
  const { confidence, objective, watched = false } = settings;
  const looked = { ...after, blocks: watched ? blocksOfLastLook(after.blocks) : after.blocks };
  const steady = leaveOutStartUps(method, comparableSides([before, looked]));
  const blocks = steady.map((side) => side.blocks) as unknown as Pair<readonly Block[]>;
  const seen = [requestsByEndpoint(before.blocks), requestsByEndpoint(after.blocks)] as const;
  const requests = blocks.map(requestsByEndpoint) as unknown as Pair<Map<string, number>>;
  const keys = [...requests[0].keys()].filter((key) => requests[1].has(key));
  const { needed, counts } = METHODS[method];
  const durations = blocks.map((own, i) => durationOf(own, needed[i as 0 | 1])) as unknown as Pair<Duration>;

  const none = emptyTotals(steady);
  const series = blocks.map((own) => createSeries(own, keys, counts(own), none)) as unknown as Pair<
    Map<string, Series>
  >;
  const mix = trafficMix(...series);
  const service = series.map((all) => standardise(all, mix, none)) as unknown as Pair<Series>;
  const compared = [service, ...keys.map((key) => series.map((all) => all.get(key)) as unknown as Pair<Series>)];
  const results = decideVerdicts(
    compared.map(([was, is]) =>
      MEASURES.map((measure) => judgeMeasure(method, { before: was, after: is, measure, objective })),
    ),
    {
      confidence,
      looks: watched ? WATCHED_LOOKS : 1,
      isTooShort: durations.some(({ seconds, needed }) => seconds < needed),
    },
  );

  const result = (key: string, keys: readonly string[], i: number): EndpointResult => ({
    key,
    requests: requests.map((all) =>
      keys.reduce((sum, each) => sum + (all.get(each) ?? 0), 0),
    ) as unknown as Pair<number>,
    measures: results[i] as MeasureResult[],
    histograms: (compared[i] as Pair<Series>).map(
      ({ whole }) => whole.histogram,
    ) as unknown as EndpointResult['histograms'],
  });
  const seconds = (key: string) => series.reduce((sum, all) => sum + (all.get(key)?.whole.seconds ?? 0), 0);
  return {
    method,
    sides: [before, after],
    durations,
    leftOut: [before, looked].map((side, i) =>
      Math.max(0, secondsOf(side.blocks) - secondsOf(blocks[i as 0 | 1])),
    ) as unknown as Pair<number>,
    confidence,
    objective,
    service: result('service', keys, 0),
    endpoints: keys.map((key, i) => result(key, [key], i + 1)).sort((a, b) => seconds(b.key) - seconds(a.key)),
    missing: {
      before: [...seen[0].keys()].filter((key) => !seen[1].has(key)),
      after: [...seen[1].keys()].filter((key) => !seen[0].has(key)),
    },
  };
}

/** Versions ran at the same time, so what is left out of one is left out of the other. A round is one block. */
function leaveOutStartUps(method: Method, sides: Pair<Side>): Pair<Side> {
  if (method === 'rounds') return sides;
  const found = sides.map(findStartUps) as unknown as Pair<Set<number>>;
  const both = method === 'versions' ? new Set([...found[0], ...found[1]]) : undefined;
  return sides.map((side, i) => ({
    ...side,
    blocks: side.blocks.filter((_, block) => !(both ?? found[i as 0 | 1]).has(block)),
  })) as unknown as Pair<Side>;
}

/** The requests of the endpoints that had one. */
function requestsByEndpoint(blocks: readonly Block[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { endpoints } of blocks) {
    for (const [key, { requests }] of endpoints) if (requests > 0) sums.set(key, (sums.get(key) ?? 0) + requests);
  }
  return sums;
}

function durationOf(blocks: readonly Block[], need: { readonly seconds: number; readonly blocks: number }): Duration {
  const seconds = secondsOf(blocks);
  const needed = Math.max(need.seconds, (need.blocks * seconds) / Math.max(blocks.length, 1));
  // Scrapes are some milliseconds early or late: a recording of 60 s may have 59.99.
  return { seconds: Math.round(seconds), needed: Math.round(needed) };
}

function emptyTotals(sides: Pair<Side>): EndpointTotals {
  const [first] = sides.flatMap(({ blocks }) => blocks.flatMap(({ endpoints }) => [...endpoints.values()].slice(0, 1)));
  const histogram = first?.histogram.createEmpty() ?? new ExplicitHistogram([]);
  return { requests: 0, errors: 0, seconds: 0, histogram, buckets: first?.buckets?.createEmpty() };
}
