import type { Comparison, EndpointResult } from '../model.ts';

/**
 * The comparison as programs read it: `format` changes when a field changes its meaning or goes. JSON has no infinite
 * number: a percentile above the top bound is `"Infinity"`; what is not known is null.
 */
export function json({ sides, service, endpoints, ...rest }: Comparison): string {
  const result = ({ requests, slow, errors, counts, quantiles, key }: EndpointResult) => ({
    key,
    requests: pair(requests),
    slow: pair(slow),
    errors: pair(errors),
    counts: pair(counts),
    quantiles,
  });
  const value = {
    format: 1,
    ...rest,
    bounds: sides[0].bounds,
    sides: pair(
      sides.map(({ name, blocks }) => ({ name, from: blocks[0]?.from, to: blocks.at(-1)?.to, blocks: blocks.length })),
    ),
    service: result(service),
    endpoints: endpoints.map(result),
  };
  return valued(value);
}

/** As JSON. */
export function valued(value: unknown): string {
  const replaced = (_: string, given: unknown) =>
    given === undefined ? null : given === Number.POSITIVE_INFINITY ? 'Infinity' : given;
  return `${JSON.stringify(value, replaced, 2)}\n`;
}

const pair = <T>([before, after]: readonly T[]) => ({ before, after });
