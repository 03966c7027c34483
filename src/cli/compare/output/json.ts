import type { Histogram } from '../../../base/histogram/histogram.ts';
import type { Comparison, EndpointResult } from '../../../statistics/model.ts';

/** The comparison for programs. `format` changes when a field changes its meaning or goes. */
export function renderJson({ sides, service, endpoints, durations, leftOut, ...rest }: Comparison): string {
  const result = ({ requests, measures, histograms, key }: EndpointResult) => ({
    key,
    requests: sidePair(requests),
    measures,
    histograms: sidePair(histograms.map((histogram: Histogram) => histogram.buckets())),
  });
  return toJson({
    format: 2,
    ...rest,
    durations: sidePair(durations),
    leftOut: sidePair(leftOut),
    bounds: sides[0].bounds,
    sides: sidePair(
      sides.map(({ name, blocks }) => ({ name, from: blocks[0]?.from, to: blocks.at(-1)?.to, blocks: blocks.length })),
    ),
    service: result(service),
    endpoints: endpoints.map(result),
  });
}

/** JSON in which unknown values are null. JSON has no infinite number: above the top bound it is `"Infinity"`. */
export function toJson(value: unknown): string {
  const replacer = (_: string, field: unknown) =>
    field === undefined ? null : field === Number.POSITIVE_INFINITY ? 'Infinity' : field;
  return `${JSON.stringify(value, replacer, 2)}\n`;
}

const sidePair = <T>([before, after]: readonly T[]) => ({ before, after });
