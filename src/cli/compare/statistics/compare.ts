import { BadInput, DifferentBounds } from '../../input-error.ts';
import type { Comparison, Counts, EndpointResult, Method, QuantileResult, Side } from '../model.ts';
import { objectiveOf } from '../objective.ts';
import { METHODS, percent } from './methods.ts';
import { alone, mixOf, standardised } from './mix-standardisation.ts';
import { quantile, total } from './quantile.ts';
import { corrected, type Judged } from './verdicts.ts';
import type { CountsOf } from './windows.ts';

export const QUANTILES: readonly number[] = [0.5, 0.9, 0.99];
/** So many requests have to be in a tail. */
const IN_TAIL = 10;

export interface CompareSettings {
  /** Seconds; one of the bounds. By default the one nearest to 0.5. */
  readonly objective?: number | undefined;
  /** Of the intervals, between 0 and 1; what is left of it is the chance of a wrong verdict. */
  readonly confidence: number;
}

/**
 * Compares two sides, endpoint by endpoint and as a service.
 * @throws BadInput where they cannot be compared
 */
export function compareSides(method: Method, before: Side, after: Side, settings: CompareSettings): Comparison {
  const { confidence } = settings;
  if (before.bounds.join() !== after.bounds.join()) {
    throw new DifferentBounds(after.name, before.bounds, after.bounds);
  }
  const objective = objectiveOf(before.bounds, settings.objective);
  const [there, here] = [keysOf(before), keysOf(after)];
  const keys = there.filter((key) => here.includes(key));
  if (keys.length === 0)
    throw new BadInput('the two sides have no endpoint in common; see whether they are of one service');

  const [needed, neededAfter] = METHODS[method].blocks(confidence);
  const isMeasurable = before.blocks.length >= needed && after.blocks.length >= neededAfter;
  const judge = (countsBefore: CountsOf, countsAfter: CountsOf): Judged[] => {
    const [one, other] = [countsBefore(before.blocks), countsAfter(after.blocks)];
    return QUANTILES.map((q) => {
      const [a, b] = [quantile(one, before.bounds, q), quantile(other, after.bounds, q)];
      const tail = Math.min(total(one), total(other)) * (1 - q);
      const difference = METHODS[method].judge({ before, after, countsBefore, countsAfter, q, confidence });
      const without =
        tail < IN_TAIL - 1e-6
          ? 'too few requests'
          : a?.low === b?.low
            ? 'below resolution'
            : !isMeasurable
              ? 'no evidence'
              : difference === undefined
                ? 'too few requests'
                : undefined;
      return { q, before: a, after: b, without, difference };
    });
  };

  const mix = mixOf(before, after, keys);
  const [stdBefore, stdAfter] = [standardised(before, mix), standardised(after, mix)];
  const service = judge(stdBefore, stdAfter);
  const endpoints = keys.map((key) => judge(alone(key, before), alone(key, after)));
  const [serviceDone] = corrected([service], confidence) as [QuantileResult[]];
  const endpointsDone = corrected(endpoints, confidence);

  const result = (
    key: string,
    own: readonly string[],
    quantiles: readonly QuantileResult[],
    counts: EndpointResult['counts'],
  ) => {
    const [one, other] = [sumOf(before, own), sumOf(after, own)];
    const slow = (buckets: readonly number[]) => {
      const all = total(buckets);
      return all > 0 ? total(buckets.slice(before.bounds.indexOf(objective) + 1)) / all : undefined;
    };
    return {
      key,
      requests: [one.requests, other.requests],
      quantiles,
      slow: [slow(counts[0]), slow(counts[1])],
      errors: [failed(before, own), failed(after, own)],
      counts,
    } satisfies EndpointResult;
  };
  // At the mix of before too: more requests of what fails more often are no service that fails more often.
  const failed = (side: Side, own: readonly string[]) => {
    const all = sumOf(before, own).requests;
    return own.reduce((sum, key) => {
      const { requests, errors } = sumOf(side, [key]);
      return sum + (errors / requests) * (sumOf(before, [key]).requests / all);
    }, 0);
  };
  const spent = (key: string) => sumOf(before, [key]).seconds + sumOf(after, [key]).seconds;
  return {
    method: {
      name: method,
      text: METHODS[method].text(confidence) + (isMeasurable ? '' : tooCoarse(method, confidence)),
    },
    sides: [before, after],
    confidence,
    objective,
    service: result('service', keys, serviceDone, [stdBefore(before.blocks), stdAfter(after.blocks)]),
    endpoints: keys
      .map((key, i) =>
        result(key, [key], endpointsDone[i] ?? [], [
          alone(key, before)(before.blocks),
          alone(key, after)(after.blocks),
        ]),
      )
      .sort((a, b) => spent(b.key) - spent(a.key)),
    missing: {
      before: there.filter((key) => !here.includes(key)),
      after: here.filter((key) => !there.includes(key)),
    },
  };
}

/** Without blocks nobody knows how much a side varies by itself. */
function tooCoarse(method: Method, confidence: number): string {
  const [before, after] = METHODS[method].blocks(confidence);
  return ` Nothing is claimed here: at ${percent(confidence)} it takes ${before} blocks before and ${after} after to know how much a service varies by itself (${METHODS[method].more}).`;
}

const keysOf = ({ blocks }: Side): string[] => [
  ...new Set(
    blocks.flatMap(({ endpoints }) =>
      Array.from(endpoints).flatMap(([key, { requests }]) => (requests > 0 ? [key] : [])),
    ),
  ),
];

function sumOf({ blocks }: Side, keys: readonly string[]): Counts {
  let [requests, errors, seconds] = [0, 0, 0];
  for (const { endpoints } of blocks) {
    for (const key of keys) {
      const found = endpoints.get(key);
      requests += found?.requests ?? 0;
      errors += found?.errors ?? 0;
      seconds += found?.seconds ?? 0;
    }
  }
  return { requests, errors, seconds, counts: [] };
}
