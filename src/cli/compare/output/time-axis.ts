import type { BoundedValue, Histogram } from '../../../base/histogram/histogram.ts';

/** A logarithmic axis of durations. */
export interface TimeAxis {
  /** The position of a duration, in units of the drawing. Durations outside of the axis are at its ends. */
  readonly x: (seconds: number) => number;
  /** Where the axis has a label, in seconds. */
  readonly ticks: readonly number[];
}

/** A bucket from 0 is drawn from the half of its bound, one without a top bound to its double. */
const OPEN_END_RATIO = 2;
/** So that a distribution of one value is not drawn over the whole width. */
const MIN_AXIS_RATIO = 8;
const MAX_TICKS = 9;
const TICK_STEPS = [[1, 2, 5], [1, 3], [1]] as const;

/** The ends of a bucket as they are drawn. */
export const drawnEnds = ({ low, high }: Pick<BoundedValue, 'low' | 'high'>): readonly [low: number, high: number] => [
  low > 0 ? low : high / OPEN_END_RATIO,
  Number.isFinite(high) ? high : low * OPEN_END_RATIO,
];

/** An axis that holds these histograms. @returns undefined where all are empty */
export function createTimeAxis(histograms: readonly Histogram[], from: number, to: number): TimeAxis | undefined {
  const ends = histograms.flatMap((histogram) => histogram.buckets()).map(drawnEnds);
  if (ends.length === 0) return undefined;
  const [lowest, highest] = [Math.min(...ends.map(([low]) => low)), Math.max(...ends.map(([, high]) => high))];
  const margin = Math.max(1, Math.sqrt((MIN_AXIS_RATIO * lowest) / highest));
  const [low, high] = [lowest / margin, highest * margin];
  const perLog = (to - from) / Math.log(high / low);
  return {
    x: (seconds) => from + perLog * Math.log(Math.min(Math.max(seconds, low), high) / low),
    ticks: chooseTicks(low, high),
  };
}

/** Round durations: as many as have room. */
function chooseTicks(low: number, high: number): number[] {
  const powers = Array.from({ length: 40 }, (_, i) => i - 20);
  const candidates = TICK_STEPS.map((steps) =>
    powers
      .flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
      .filter((tick) => tick >= low && tick <= high),
  );
  return candidates.find((ticks) => ticks.length <= MAX_TICKS) ?? candidates.at(-1) ?? [];
}

/** The share of a histogram in each of these columns of a drawing. A bucket is spread evenly over the columns that it covers. */
export function columnShares(histogram: Histogram, { x }: TimeAxis, columns: readonly number[]): number[] {
  const shares = new Array<number>(Math.max(0, columns.length - 1)).fill(0);
  const total = histogram.total;
  for (const bucket of histogram.buckets()) {
    const [start, end] = drawnEnds(bucket).map(x) as [number, number];
    for (let i = 0; i < shares.length; i++) {
      const [from, to] = [columns[i] as number, columns[i + 1] as number];
      const overlap = Math.min(end, to) - Math.max(start, from);
      if (overlap > 0) (shares[i] as number) += (bucket.count / total) * (overlap / (end - start));
    }
  }
  return shares;
}
