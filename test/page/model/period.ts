import { type Period, periodOf } from '../../../src/page/browser/model/batches.ts';
import { Timeline } from '../../../src/page/browser/model/timeline.ts';
import type { Counters } from '../../../src/page/protocol.ts';
import { pageData } from './page-data.ts';

/** Creates a period. @param intervals  the counters of each endpoint, by key, in each interval */
export function periodFrom(intervals: readonly Readonly<Record<string, Counters>>[]): Period {
  const timeline = new Timeline();
  timeline.add(pageData(intervals));
  const period = periodOf(timeline.intervals);
  if (period === undefined) throw new Error('a period needs an interval');
  return period;
}
