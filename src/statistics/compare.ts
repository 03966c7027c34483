import type { Question } from './judges.ts';
import { decisiveRequests, measureOf, sampleSize } from './measures.ts';
import { METHODS } from './methods.ts';
import { endpointTotals, standardisedTotals, type TotalsOf, trafficMix } from './mix-standardisation.ts';
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
import { totalsByEndpoint } from './totals.ts';
import { decideVerdicts, type Judgement } from './verdicts.ts';

const MIN_DECISIVE_REQUESTS = 10;

/**
 * Compares two sides, endpoint by endpoint and as a service.
 * @throws where their histograms have different buckets
 */
export function compareSides(method: Method, before: Side, after: Side, settings: CompareSettings): Comparison {
  const { confidence, objective } = settings;
  const [totalsBefore, totalsAfter] = [requestedEndpoints(before), requestedEndpoints(after)];
  const keys = [...totalsBefore.keys()].filter((key) => totalsAfter.has(key));
  const durations = METHODS[method]
    .minBlocks(confidence)
    .map((needed, i) => durationOf([before, after][i]?.blocks ?? [], needed)) as [Duration, Duration];
  const isTooShort = durations.some(({ seconds, needed }) => seconds < needed);
  const judge = (totalsBefore: TotalsOf, totalsAfter: TotalsOf): Judgement[] =>
    MEASURES.map((measure) =>
      judgeMeasure(method, { before, after, totalsBefore, totalsAfter, measure, objective, confidence }, isTooShort),
    );

  const mix = trafficMix(totalsBefore, totalsAfter);
  const [mixedBefore, mixedAfter] = [standardisedTotals(before, mix), standardisedTotals(after, mix)];
  const [serviceMeasures] = decideVerdicts([judge(mixedBefore, mixedAfter)], confidence) as [MeasureResult[]];
  const endpointMeasures = decideVerdicts(
    keys.map((key) => judge(endpointTotals(key, before), endpointTotals(key, after))),
    confidence,
  );
  const requests = (totals: ReadonlyMap<string, EndpointTotals>, keys: readonly string[]) =>
    keys.reduce((sum, key) => sum + (totals.get(key)?.requests ?? 0), 0);
  const result = (
    key: string,
    keys: readonly string[],
    measures: readonly MeasureResult[],
    totals: readonly [TotalsOf, TotalsOf],
  ): EndpointResult => ({
    key,
    requests: [requests(totalsBefore, keys), requests(totalsAfter, keys)],
    measures,
    histograms: [totals[0](before.blocks).histogram, totals[1](after.blocks).histogram],
  });
  const seconds = (key: string) => (totalsBefore.get(key)?.seconds ?? 0) + (totalsAfter.get(key)?.seconds ?? 0);
  return {
    method,
    sides: [before, after],
    durations,
    leftOut: [0, 0],
    confidence,
    objective,
    service: result('service', keys, serviceMeasures, [mixedBefore, mixedAfter]),
    endpoints: keys
      .map((key, i) =>
        result(key, [key], endpointMeasures[i] ?? [], [endpointTotals(key, before), endpointTotals(key, after)]),
      )
      .sort((a, b) => seconds(b.key) - seconds(a.key)),
    missing: {
      before: [...totalsBefore.keys()].filter((key) => !totalsAfter.has(key)),
      after: [...totalsAfter.keys()].filter((key) => !totalsBefore.has(key)),
    },
  };
}

function judgeMeasure(method: Method, question: Question, isTooShort: boolean): Judgement {
  const { before, after, totalsBefore, totalsAfter, measure, objective } = question;
  const [allBefore, allAfter] = [totalsBefore(before.blocks), totalsAfter(after.blocks)];
  const [was, is] = [measureOf(measure, allBefore, objective), measureOf(measure, allAfter, objective)];
  const decisive = [allBefore, allAfter].map((totals) => decisiveRequests(measure, totals, objective));
  const isRare =
    measure === 'slow' || measure === 'errors'
      ? sampleSize(measure, allBefore) === 0 || Math.max(...decisive) < MIN_DECISIVE_REQUESTS
      : Math.min(...decisive) < MIN_DECISIVE_REQUESTS - 1e-6;
  const difference = METHODS[method].judge(question);
  const exclusion = () => {
    if (isRare) return 'too few requests';
    if (was !== undefined && was.low < was.high && was.low === is?.low) return 'below resolution';
    if (isTooShort) return 'too short';
    return difference === undefined ? 'too few requests' : undefined;
  };
  return { measure, before: was, after: is, exclusion: exclusion(), difference };
}

/** The time of a side, and the time that this number of blocks would take. */
function durationOf(blocks: readonly Block[], neededBlocks: number): Duration {
  const seconds = blocks.reduce((sum, { from, to }) => sum + to - from, 0);
  return { seconds, needed: blocks.length >= neededBlocks ? 0 : (seconds / Math.max(blocks.length, 1)) * neededBlocks };
}

/** The totals of the endpoints that had a request. */
const requestedEndpoints = (side: Side): Map<string, EndpointTotals> =>
  new Map(Array.from(totalsByEndpoint(side)).filter(([, { requests }]) => requests > 0));
