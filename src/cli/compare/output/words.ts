import { isShare } from '../../../statistics/measures.ts';
import type { EndpointResult, Measure, MeasureResult } from '../../../statistics/model.ts';
import {
  formatBoundedShare,
  formatChange,
  formatCount,
  formatDuration,
  formatInterval,
  formatSeconds,
} from './format.ts';

/** `over 500 ms` and `5xx` for the shares. @param objective  seconds */
export function measureName(measure: Measure, objective: number): string {
  if (measure === 'slow') return `over ${formatSeconds(objective)}`;
  return measure === 'errors' ? '5xx' : measure;
}

/** Durations become faster or slower, and shares fewer or more. */
export function verdictWord({ measure, verdict, before, after }: MeasureResult): string {
  if (isShare(measure) && before?.high === 0 && after?.high === 0) return 'none on either side';
  if (verdict === 'better') return isShare(measure) ? 'fewer' : 'faster';
  if (verdict === 'worse') return isShare(measure) ? 'more' : 'slower';
  return verdict;
}

/** Before and after, with an arrow between them. */
export function describePair({ measure, before, after }: MeasureResult, arrow: string): string {
  const format = isShare(measure) ? formatBoundedShare : formatDuration;
  return `${format(before)} ${arrow} ${format(after)}`;
}

/** The change and its interval; empty where it is unknown, or where the buckets of both sides say all that is known. */
export function describeChange({
  measure,
  change,
  verdict,
}: MeasureResult): readonly [change: string, interval: string] {
  if (change === undefined || verdict === 'below resolution') return ['', ''];
  return [formatChange(change, isShare(measure)), formatInterval(change, isShare(measure))];
}

/** Requests of an endpoint. */
export const describeRequests = ({ requests: [before, after] }: EndpointResult, arrow: string): string =>
  `${formatCount(before)} ${arrow} ${formatCount(after)} requests`;

export const SERVICE_NAME = 'The service, weighted by the endpoint mix before';
