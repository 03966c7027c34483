import type { Histogram } from '../../../base/histogram/histogram.ts';
import { formatSeconds } from './format.ts';

const WIDTH = 960;
const HEIGHT = 190;
const MARGIN_BELOW = 34;
const MARGIN_ABOVE = 12;
/** With more, the labels would overlap. */
const MAX_LABELS = 12;

/**
 * Both distributions over each other, from the first bucket with requests to the last: before filled, after as a line.
 */
export function histogramSvg(
  histograms: readonly [before: Histogram, after: Histogram],
  bounds: readonly number[],
): string {
  const [before, after] = histograms.map((histogram) => bucketShares(histogram, bounds)) as [number[], number[]];
  const isUsed = before.map((share, i) => share > 0 || (after[i] ?? 0) > 0);
  const [first, last] = [isUsed.indexOf(true), isUsed.lastIndexOf(true)];
  if (first < 0) return '';
  const highest = Math.max(...before, ...after);
  const buckets = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const bucketWidth = WIDTH / buckets.length;
  const floor = HEIGHT - MARGIN_BELOW;
  const y = (share: number) => round(floor - ((floor - MARGIN_ABOVE) * share) / highest);
  const x = (bucketIndex: number) => round(bucketIndex * bucketWidth);
  const top = bounds.at(-1) ?? 0;

  const bars = buckets.map((bucket, i) => {
    const barTop = y(before[bucket] ?? 0);
    return `<rect class="b" x="${x(i)}" y="${barTop}" width="${round(bucketWidth - 1)}" height="${round(floor - barTop)}"/>`;
  });
  const line = buckets.map((bucket, i) => `${i === 0 ? 'M' : 'L'}${x(i)} ${y(after[bucket] ?? 0)}H${x(i + 1)}`);
  const step = Math.ceil(buckets.length / MAX_LABELS);
  const labels = buckets
    .filter((_, i) => i % step === 0)
    .map((bucket) => {
      const text =
        bucket < bounds.length ? `to ${formatSeconds(bounds[bucket], top)}` : `over ${formatSeconds(top, top)}`;
      const middle = round((bucket - first + 0.5) * bucketWidth);
      return `<text x="${middle}" y="${floor + 15}" text-anchor="middle">${text}</text>`;
    });
  const name = 'Share of requests in each duration bucket, before and after';
  return `<figure tabindex="0"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name}">
<line class="q" x1="0" y1="${floor}" x2="${WIDTH}" y2="${floor}"/>
${bars.join('')}<path class="a" d="${line.join('')}"/>
${labels.join('')}<text x="0" y="${HEIGHT - 2}">filled: before; line: after; highest: ${Number((highest * 100).toPrecision(3))} % of the requests</text>
</svg></figure>`;
}

/** The share of each of these buckets; a finer bucket belongs to the one that holds its upper bound. */
function bucketShares(histogram: Histogram, bounds: readonly number[]): number[] {
  const shares = new Array<number>(bounds.length + 1).fill(0);
  const { total } = histogram;
  for (const { high, count } of histogram.buckets()) {
    const bucket = bounds.findIndex((bound) => high <= bound);
    (shares[bucket < 0 ? bounds.length : bucket] as number) += count / total;
  }
  return shares;
}

const round = (value: number): number => Math.round(value * 10) / 10;
