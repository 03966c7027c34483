import type { Attributes } from '@opentelemetry/api';
import { EXPORTED_LABEL, OTHER, ROUTE, SERVER_ADDRESS, UNMATCHED } from '../semconv.ts';

/** The attributes a value is counted under, once so many paths, or hosts, are known. */
export type CapPaths = (attributes: Attributes) => Attributes;

/**
 * Holds the cap over many processes: each keeps it by itself, but together they may know more paths than one may. What
 * was admitted once stays, so that no series ever moves.
 * @param max `APM_MAX_PATHS`
 */
export function capPaths(max: number): CapPaths {
  const capped = [ROUTE, EXPORTED_LABEL[ROUTE], SERVER_ADDRESS, EXPORTED_LABEL[SERVER_ADDRESS]];
  const admitted = new Map<string, Set<unknown>>(capped.map((label) => [label, new Set()]));
  return (attributes) => {
    for (const label of capped) {
      const value = attributes[label];
      const known = admitted.get(label) as Set<unknown>;
      if (value === undefined || value === OTHER || value === UNMATCHED || known.has(value)) continue;
      if (known.size >= max) return { ...attributes, [label]: OTHER };
      known.add(value);
    }
    return attributes;
  };
}
