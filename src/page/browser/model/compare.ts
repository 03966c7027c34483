import { compareSides } from '../../../statistics/compare.ts';
import type { CompareSettings, Comparison } from '../../../statistics/model.ts';
import type { PageSide } from './comparison-side.ts';

/** Slower requests are slow: the objective of the alerts. */
export const OBJECTIVE_SECONDS = 0.5;
/** Watched, because the page repeats the comparison with each answer of the service. */
const SETTINGS: CompareSettings = { objective: OBJECTIVE_SECONDS, confidence: 0.95, watched: true };

/** @returns undefined where no endpoint has requests on both sides */
export function comparePeriods(before: PageSide, after: PageSide): Comparison | undefined {
  const comparison = compareSides('periods', { name: 'before', ...before }, { name: 'after', ...after }, SETTINGS);
  return comparison.endpoints.length > 0 ? comparison : undefined;
}
