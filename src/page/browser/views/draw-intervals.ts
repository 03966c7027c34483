import type { TimelineInterval } from '../model/decode.ts';
import type { Chart } from './chart.ts';

/** What all charts of an update share. @property marks when each was set, in milliseconds since 1970 */
export interface ChartContext {
  readonly intervals: readonly TimelineInterval[];
  readonly marks: readonly number[];
}

type Values = (number | null)[][];

/**
 * Draws a line for each row of values, and a gap where the service could not be reached or did not run.
 * @param values of each interval
 */
export function drawIntervals(chart: Chart, title: string, { intervals, marks }: ChartContext, values: Values): void {
  const times: number[] = [];
  const lines: Values = values.map(() => []);
  intervals.forEach(({ at, ms }, i) => {
    const start = at - ms;
    const previousEnd = intervals[i - 1]?.at;
    if (previousEnd !== undefined && start - previousEnd > ms) {
      times.push((previousEnd + start) / 2 / 1000);
      for (const line of lines) line.push(null);
    }
    times.push(at / 1000);
    lines.forEach((line, row) => {
      line.push(values[row]?.[i] ?? null);
    });
  });
  chart.update({ title, times, values: lines, marks: marks.map((at) => at / 1000) });
}
