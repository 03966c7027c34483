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
import { mapPair, type Pair } from './pair.ts';
import { standardise, trafficMix } from './service.ts';
import { findStartUps } from './start-up.ts';
import { decideVerdicts } from './verdicts.ts';
import { createSeries, type Series, secondsOf } from './windows.ts';

/**
 * Compares two sides, endpoint by endpoint and as a service.
 * @throws where their histograms have different buckets
 */
export function compareSides(method: Method, before: Side, after: Side, settings: CompareSettings): Comparison {
  const { confidence, objective, watched = false } = settings;
  const looked = { ...after, blocks: watched ? blocksOfLastLook(after.blocks) : after.blocks };
  const steady = leaveOutStartUps(method, comparableSides([before, looked]));
  const blocks = mapPair(steady, (side) => side.blocks);
  const seen = [requestsByEndpoint(before.blocks), requestsByEndpoint(after.blocks)] as const;
  const requests = mapPair(blocks, requestsByEndpoint);
  const keys = [...requests[0].keys()].filter((key) => requests[1].has(key));
  const { needed, counts } = METHODS[method];
  const durations: Pair<Duration> = [durationOf(blocks[0], needed[0]), durationOf(blocks[1], needed[1])];

  const none = emptyTotals(steady);
  const series = mapPair(blocks, (own) => createSeries(own, keys, counts(own), none));
  const mix = trafficMix(...series);
  const service = mapPair(series, (all) => standardise(all, mix, none));
  const compared = [service, ...keys.map((key) => mapPair(series, (all) => all.get(key) as Series))];
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
    requests: mapPair(requests, (all) => keys.reduce((sum, each) => sum + (all.get(each) ?? 0), 0)),
    measures: results[i] as MeasureResult[],
    histograms: mapPair(compared[i] as Pair<Series>, ({ whole }) => whole.histogram),
  });
  const seconds = (key: string) => series.reduce((sum, all) => sum + (all.get(key)?.whole.seconds ?? 0), 0);
  return {
    method,
    sides: [before, after],
    durations,
    leftOut: [leftOutOf(before, blocks[0]), leftOutOf(looked, blocks[1])],
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
  const [before, after] = mapPair(sides, findStartUps);
  const without = (side: Side, startUps: ReadonlySet<number>): Side => ({
    ...side,
    blocks: side.blocks.filter((_, block) => !startUps.has(block)),
  });
  if (method !== 'versions') return [without(sides[0], before), without(sides[1], after)];
  const both = new Set([...before, ...after]);
  return mapPair(sides, (side) => without(side, both));
}

const leftOutOf = (side: Side, blocks: readonly Block[]): number =>
  Math.max(0, secondsOf(side.blocks) - secondsOf(blocks));

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
