import { BadInput } from '../../../input-error.ts';
import type { Side } from '../../model.ts';
import { Blocks, edgesOf, hasRequests } from '../blocks.ts';
import { Increases } from '../counter-increase.ts';
import { Bounds, histories } from '../history.ts';
import { targetOfLabels } from '../series-identity.ts';
import type { TimeRange } from '../time-range.ts';
import type { PrometheusApi } from './api.ts';
import { PAGE_SAMPLES, pages } from './query-pages.ts';
import { iso, type Selected, type Selection, select } from './selector.ts';

/**
 * How a range is read.
 * @property pageSamples  samples that are asked for at once, about; 200,000 by default
 * @property say          is told how far it is: a sentence, now and then
 */
export interface Reading {
  readonly pageSamples?: number;
  say?(line: string): void;
}

/** Blocks of a range, where its samples allow: twice as many as an A/A placebo needs windows. */
export const BLOCKS = 48;
/** So many also of the shorter one of two ranges, and at the most so many of the longer. */
const OF_SHORTER = 12;
const MOST = 1_000;
/** Each has so many samples of a series, because an increment across its border belongs to one of two. */
const SAMPLES = 2;
/** Seconds before a range in which a total is looked for that its first increment is counted from. Prometheus's own. */
export const LOOKBACK = 300;

/**
 * Two ranges of one Prometheus, each cut into blocks of equal length, as near to the other's as whole numbers of them are.
 * Increments are counted from the samples as they are stored, between each two of a series: nothing is extrapolated. The
 * last sample up to five minutes before a range is what its first increment is counted from.
 * @throws BadInput with one line that says what to do
 */
export async function sidesOfRanges(
  api: PrometheusApi,
  selection: Selection,
  before: TimeRange,
  after: TimeRange,
  reading: Reading = {},
): Promise<[before: Side, after: Side]> {
  const selected = await select(api, selection, [before, after]);
  const [one, other] = [
    await samplesIn(api, selected, before, 'before'),
    await samplesIn(api, selected, after, 'after'),
  ];
  const length = blockLength([lengthOf(before), one], [lengthOf(after), other]);
  const bounds = new Bounds();
  return [
    await sideIn(api, selected, 'before', before, length, bounds, reading),
    await sideIn(api, selected, 'after', after, length, bounds, reading),
  ];
}

/**
 * One range, likewise.
 * @throws BadInput with one line that says what to do
 */
export async function sideOfRange(
  api: PrometheusApi,
  selection: Selection,
  range: TimeRange,
  reading: Reading = {},
): Promise<Side> {
  const selected = await select(api, selection, [range]);
  const samples = await samplesIn(api, selected, range, 'period');
  const length = blockLength([lengthOf(range), samples], [lengthOf(range), samples]);
  return sideIn(api, selected, 'period', range, length, new Bounds(), reading);
}

async function sideIn(
  api: PrometheusApi,
  selected: Selected,
  name: string,
  range: TimeRange,
  length: number,
  bounds: Bounds,
  reading: Reading,
): Promise<Side> {
  const blocks = new Blocks(name, edgesOf(range.from, range.to, Math.max(1, Math.round(lengthOf(range) / length))));
  await read(api, selected, range, name, bounds, reading, (increases) => blocks.add(increases));
  const side = blocks.side(bounds);
  if (hasRequests(side)) return side;
  throw new BadInput(`no request was counted ${during(range)} (--${name}); give a time with traffic`);
}

type Range = [length: number, samples: number];

/** Seconds of a block. */
export function blockLength(before: Range, after: Range): number {
  const [shorter, longer] = before[0] <= after[0] ? [before, after] : [after, before];
  const wanted = Math.min(before[0] / BLOCKS, shorter[0] / OF_SHORTER);
  const least = Math.max(longer[0] / MOST, ...[before, after].map(([length, samples]) => (length / samples) * SAMPLES));
  return Math.max(wanted, least);
}

/**
 * How many samples that series has that has the most.
 * @throws BadInput where none has two
 */
export async function samplesIn(
  api: PrometheusApi,
  { one }: Selected,
  range: TimeRange,
  name: string,
): Promise<number> {
  const milliseconds = Math.round(lengthOf(range) * 1000);
  const counts = one.map((selector) => api.value(`max(count_over_time(${selector}[${milliseconds}ms]))`, range.to));
  const most = Math.max(...(await Promise.all(counts)).map((count) => count ?? 0));
  if (most >= SAMPLES) return most;
  throw new BadInput(
    `there ${most === 1 ? 'is one sample' : 'are no samples'} ${during(range)} (--${name}), and two are needed; see that the time is right, and that Prometheus keeps it that long`,
  );
}

const lengthOf = ({ from, to }: TimeRange) => to - from;
const during = ({ from, to }: TimeRange) => `from ${iso(from)} to ${iso(to)}`;

/** Hands on what was counted in a range, page by page, so that its samples are never in memory all at once. */
export async function read(
  api: PrometheusApi,
  selected: Selected,
  range: TimeRange,
  name: string,
  bounds: Bounds,
  { pageSamples = PAGE_SAMPLES, say }: Reading,
  take: (increases: ReturnType<Increases['add']>) => void,
): Promise<void> {
  const increases = new Increases();
  const told = { from: range.from - LOOKBACK, to: range.to };
  const share = (done: number) => say?.(`${name}: ${Math.floor(done * 100)} % read`);
  for await (const page of pages(api, selected.all, told, pageSamples, share)) {
    for (const { name: metric, labels, samples } of page) {
      if (metric === 'target_info' && samples[0]) increases.see(targetOfLabels(labels), samples[0][0]);
    }
    take(increases.add(histories(page, `${api.shown}, ${name},`, bounds)));
  }
}
