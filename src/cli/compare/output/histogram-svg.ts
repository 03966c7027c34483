import { seconds } from './format.ts';

const WIDTH = 960;
const HEIGHT = 190;
const BELOW = 34;
const ABOVE = 12;

/** The shares of both sides in each bucket, from the first that holds any to the last: before filled, after outlined. */
export function drawing([before, after]: readonly [readonly number[], readonly number[]], bounds: readonly number[]) {
  const [one, other] = [shares(before), shares(after)];
  const held = one.map((share, i) => share > 0 || (other[i] ?? 0) > 0);
  const [first, last] = [held.indexOf(true), held.lastIndexOf(true)];
  if (first < 0) return '';
  const most = Math.max(...one, ...other);
  const buckets = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const each = WIDTH / buckets.length;
  const floor = HEIGHT - BELOW;
  const y = (share: number) => round(floor - ((floor - ABOVE) * share) / most);
  const x = (place: number) => round(place * each);
  const top = bounds.at(-1) ?? 0;

  const bars = buckets.map((bucket, i) => {
    const height = y(one[bucket] ?? 0);
    return `<rect class="b" x="${x(i)}" y="${height}" width="${round(each - 1)}" height="${round(floor - height)}"/>`;
  });
  const line = buckets.map((bucket, i) => `${i === 0 ? 'M' : 'L'}${x(i)} ${y(other[bucket] ?? 0)}H${x(i + 1)}`);
  // Every other one where there are many: they would be written over each other.
  const step = Math.ceil(buckets.length / 12);
  const labels = buckets
    .filter((_, i) => i % step === 0)
    .map((bucket) => {
      const text = bucket < bounds.length ? `to ${seconds(bounds[bucket], top)}` : `over ${seconds(top, top)}`;
      return `<text x="${round((bucket - first + 0.5) * each)}" y="${floor + 15}" text-anchor="middle">${text}</text>`;
    });
  const name = 'Share of requests in each bucket of duration, before and after';
  return `<figure tabindex="0"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name}">
<line class="q" x1="0" y1="${floor}" x2="${WIDTH}" y2="${floor}"/>
${bars.join('')}<path class="a" d="${line.join('')}"/>
${labels.join('')}<text x="0" y="${HEIGHT - 2}">filled: before; line: after; highest: ${Number((most * 100).toPrecision(3))} % of the requests</text>
</svg></figure>`;
}

function shares(counts: readonly number[]): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (all > 0 ? count / all : 0));
}

const round = (value: number): number => Math.round(value * 10) / 10;
