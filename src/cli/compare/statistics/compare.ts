import { quantile, totalCount } from '../../../base/histogram.ts';
import { BoundsMismatch, InputError } from '../../input-error.ts';
import {
  type Comparison,
  type EndpointResult,
  type EndpointTotals,
  type Method,
  type QuantileResult,
  type Side,
  totalsByEndpoint,
} from '../model.ts';
import { chooseObjective, shareSlower } from '../objective.ts';
import type { QuantileQuestion } from './judges.ts';
import { formatPercent, METHODS } from './methods.ts';
import { type CountsOf, endpointCounts, standardisedCounts, trafficMix } from './mix-standardisation.ts';
import { decideVerdicts, type Judgement } from './verdicts.ts';

const QUANTILES: readonly number[] = [0.5, 0.9, 0.99];
const MIN_TAIL_REQUESTS = 10;

/**
 * @property objective   seconds; one of the bounds; by default the bound nearest to 0.5
 * @property confidence  of intervals and verdicts, between 0.5 and 1; 1 - confidence is the chance of a wrong claim
 */
export interface CompareSettings {
  readonly objective?: number | undefined;
  readonly confidence: number;
}

/**
 * Compares two sides, endpoint by endpoint and as a service.
 * @throws InputError where they cannot be compared
 */
export function compareSides(method: Method, before: Side, after: Side, settings: CompareSettings): Comparison {
  const { confidence } = settings;
  const { bounds } = before;
  if (bounds.join() !== after.bounds.join()) throw new BoundsMismatch(after.name, bounds, after.bounds);
  const objective = chooseObjective(bounds, settings.objective);
  const [totalsBefore, totalsAfter] = [requestedEndpoints(before), requestedEndpoints(after)];
  const keys = [...totalsBefore.keys()].filter((key) => totalsAfter.has(key));
  if (keys.length === 0)
    throw new InputError('the two sides have no endpoint in common; check that they are of the same service');

  const [minBefore, minAfter] = METHODS[method].minBlocks(confidence);
  const hasEnoughBlocks = before.blocks.length >= minBefore && after.blocks.length >= minAfter;
  const judge = (countsBefore: CountsOf, countsAfter: CountsOf): Judgement[] =>
    QUANTILES.map((q) =>
      judgeQuantile(method, { before, after, countsBefore, countsAfter, q, confidence }, hasEnoughBlocks),
    );

  const mix = trafficMix(before, after, keys);
  const [mixedBefore, mixedAfter] = [standardisedCounts(before, mix), standardisedCounts(after, mix)];
  const [serviceQuantiles] = decideVerdicts([judge(mixedBefore, mixedAfter)], confidence) as [QuantileResult[]];
  const endpointQuantiles = decideVerdicts(
    keys.map((key) => judge(endpointCounts(key, before), endpointCounts(key, after))),
    confidence,
  );

  const requests = (totals: ReadonlyMap<string, EndpointTotals>, keys: readonly string[]) =>
    keys.reduce((sum, key) => sum + (totals.get(key)?.requests ?? 0), 0);
  // At the mix before too: more requests to an endpoint that fails more often do not make the service fail more often.
  const errorShare = (totals: ReadonlyMap<string, EndpointTotals>, keys: readonly string[]) =>
    keys.reduce((sum, key) => {
      const { requests: own, errors } = totals.get(key) as EndpointTotals;
      return sum + (errors / own) * (requests(totalsBefore, [key]) / requests(totalsBefore, keys));
    }, 0);
  const result = (
    key: string,
    keys: readonly string[],
    quantiles: readonly QuantileResult[],
    counts: EndpointResult['counts'],
  ): EndpointResult => ({
    key,
    requests: [requests(totalsBefore, keys), requests(totalsAfter, keys)],
    quantiles,
    slow: [shareSlower(counts[0], bounds, objective), shareSlower(counts[1], bounds, objective)],
    errors: [errorShare(totalsBefore, keys), errorShare(totalsAfter, keys)],
    counts,
  });
  const seconds = (key: string) => (totalsBefore.get(key)?.seconds ?? 0) + (totalsAfter.get(key)?.seconds ?? 0);
  const explanation = METHODS[method].describe(confidence);
  return {
    method: {
      name: method,
      text: hasEnoughBlocks ? explanation : explanation + describeTooFewBlocks(method, confidence),
    },
    sides: [before, after],
    confidence,
    objective,
    service: result('service', keys, serviceQuantiles, [mixedBefore(before.blocks), mixedAfter(after.blocks)]),
    endpoints: keys
      .map((key, i) =>
        result(key, [key], endpointQuantiles[i] ?? [], [
          endpointCounts(key, before)(before.blocks),
          endpointCounts(key, after)(after.blocks),
        ]),
      )
      .sort((a, b) => seconds(b.key) - seconds(a.key)),
    missing: {
      before: [...totalsBefore.keys()].filter((key) => !totalsAfter.has(key)),
      after: [...totalsAfter.keys()].filter((key) => !totalsBefore.has(key)),
    },
  };
}

function judgeQuantile(method: Method, question: QuantileQuestion, hasEnoughBlocks: boolean): Judgement {
  const { before, after, countsBefore, countsAfter, q } = question;
  const [allBefore, allAfter] = [countsBefore(before.blocks), countsAfter(after.blocks)];
  const [was, is] = [quantile(before.bounds, allBefore, q), quantile(after.bounds, allAfter, q)];
  const tailRequests = Math.min(totalCount(allBefore), totalCount(allAfter)) * (1 - q);
  const difference = METHODS[method].judge(question);
  const exclusion = () => {
    if (tailRequests < MIN_TAIL_REQUESTS - 1e-6) return 'too few requests';
    if (was?.low === is?.low) return 'below resolution';
    if (!hasEnoughBlocks) return 'no evidence';
    return difference === undefined ? 'too few requests' : undefined;
  };
  return { q, before: was, after: is, exclusion: exclusion(), difference };
}

/** With too few blocks, nobody knows how much a side varies by itself. */
function describeTooFewBlocks(method: Method, confidence: number): string {
  const [before, after] = METHODS[method].minBlocks(confidence);
  return ` Nothing is claimed: at ${formatPercent(confidence)}, ${before} blocks before and ${after} after are needed to know how much a service varies by itself (${METHODS[method].remedy}).`;
}

/** The totals of the endpoints that had a request. */
const requestedEndpoints = (side: Side): Map<string, EndpointTotals> =>
  new Map(Array.from(totalsByEndpoint(side)).filter(([, { requests }]) => requests > 0));
