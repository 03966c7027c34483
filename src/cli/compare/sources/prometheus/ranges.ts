import type { Side } from '../../../../statistics/model.ts';
import { InputError } from '../../../input-error.ts';
import type { EndpointFilter } from '../../endpoint-filter.ts';
import { BlockBuilder, blockEdges, hasRequests } from '../blocks.ts';
import { type Increase, IncreaseTracker } from '../counter-increase.ts';
import { buildHistories, SharedBounds, withoutPrefix } from '../history.ts';
import type { Period } from '../outgoing.ts';
import { targetKey } from '../series-identity.ts';
import type { TimeRange } from '../time-range.ts';
import type { PrometheusApi } from './api.ts';
import { PAGE_SAMPLES, queryPages } from './query-pages.ts';
import { describeRange, type SeriesSelectors, selectSeries } from './selector.ts';

/**
 * @property pageSamples  samples per query, about; 200,000 by default
 * @property onProgress   gets a line now and then
 */
export interface ReadOptions {
  readonly pageSamples?: number;
  onProgress?(line: string): void;
}

/** Blocks of a range, if its samples allow: twice as many as the windows of a comparison. */
const WANTED_BLOCKS = 48;
const MIN_BLOCKS_OF_SHORTER = 12;
const MAX_BLOCKS = 1_000;
/** An increase across the border of two blocks belongs to one of them, so a block must not be shorter than this. */
const MIN_SAMPLES_PER_BLOCK = 2;
/** The last sample within this time before a range is the base of its first increase. The same as Prometheus's own. */
export const LOOKBACK_SECONDS = 300;

/**
 * Two ranges, each cut into blocks; all blocks have nearly the same length. Increases are the differences between
 * stored samples: nothing is extrapolated.
 * @throws InputError
 */
export async function loadRangeSides(
  api: PrometheusApi,
  filter: EndpointFilter,
  before: TimeRange,
  after: TimeRange,
  options: ReadOptions = {},
): Promise<[before: Side, after: Side]> {
  const selectors = await selectSeries(api, filter, [before, after]);
  const samplesBefore = await countSamples(api, selectors, before, 'before');
  const samplesAfter = await countSamples(api, selectors, after, 'after');
  const length = blockLength([lengthOf(before), samplesBefore], [lengthOf(after), samplesAfter]);
  const bounds = new SharedBounds();
  return [
    (await loadPeriod(api, selectors, 'before', before, length, bounds, options)).side,
    (await loadPeriod(api, selectors, 'after', after, length, bounds, options)).side,
  ];
}

/** One range, in the same way, with its outgoing calls. @throws InputError */
export async function loadRangePeriod(
  api: PrometheusApi,
  filter: EndpointFilter,
  range: TimeRange,
  options: ReadOptions = {},
): Promise<Period> {
  const selectors = await selectSeries(api, filter, [range]);
  const samples = await countSamples(api, selectors, range, 'period');
  const length = blockLength([lengthOf(range), samples], [lengthOf(range), samples]);
  return loadPeriod(api, selectors, 'period', range, length, new SharedBounds(true), options);
}

async function loadPeriod(
  api: PrometheusApi,
  selectors: SeriesSelectors,
  name: string,
  range: TimeRange,
  length: number,
  bounds: SharedBounds,
  options: ReadOptions,
): Promise<Period> {
  const count = Math.max(1, Math.round(lengthOf(range) / length));
  const blocks = new BlockBuilder(name, blockEdges(range.from, range.to, count));
  await readIncreases(api, selectors, range, name, bounds, options, (increases) => blocks.add(increases));
  const side = blocks.buildSide(bounds);
  if (hasRequests(side)) return { side, outgoing: blocks.outgoing.build(bounds) };
  throw new InputError(`no requests ${describeRange(range)} (--${name}); give a time with traffic`);
}

type LengthAndSamples = readonly [length: number, samples: number];

/** Seconds of a block. */
export function blockLength(before: LengthAndSamples, after: LengthAndSamples): number {
  const [shorter, longer] = before[0] <= after[0] ? [before, after] : [after, before];
  const wanted = Math.min(before[0] / WANTED_BLOCKS, shorter[0] / MIN_BLOCKS_OF_SHORTER);
  const minima = [before, after].map(([length, samples]) => (length / samples) * MIN_SAMPLES_PER_BLOCK);
  return Math.max(wanted, longer[0] / MAX_BLOCKS, ...minima);
}

/**
 * The number of samples of the series that has most of them.
 * @param option  for messages
 * @throws InputError where no series has enough
 */
export async function countSamples(
  api: PrometheusApi,
  { histogramCounts }: SeriesSelectors,
  range: TimeRange,
  option: string,
): Promise<number> {
  const lengthMs = Math.round(lengthOf(range) * 1000);
  const counts = await Promise.all(
    histogramCounts.map((selector) => api.queryValue(`max(count_over_time(${selector}[${lengthMs}ms]))`, range.to)),
  );
  const most = Math.max(...counts.map((count) => count ?? 0));
  if (most >= MIN_SAMPLES_PER_BLOCK) return most;
  throw new InputError(
    `${most} sample${most === 1 ? '' : 's'} ${describeRange(range)} (--${option}); at least ${MIN_SAMPLES_PER_BLOCK} needed; check the time, and how long Prometheus keeps its data`,
  );
}

const lengthOf = ({ from, to }: TimeRange) => to - from;

/** Passes on the increases of a range page by page: all samples together may not fit into memory. */
export async function readIncreases(
  api: PrometheusApi,
  selectors: SeriesSelectors,
  range: TimeRange,
  name: string,
  bounds: SharedBounds,
  { pageSamples = PAGE_SAMPLES, onProgress }: ReadOptions,
  consume: (increases: readonly Increase[]) => void,
): Promise<void> {
  const increases = new IncreaseTracker();
  const withLookback = { from: range.from - LOOKBACK_SECONDS, to: range.to };
  const reportShare = (done: number) => onProgress?.(`${name}: ${Math.floor(done * 100)} % read`);
  const { all, outgoing, prefix } = selectors;
  const wanted = bounds.outgoing === undefined ? all : [...all, ...outgoing];
  for await (const page of queryPages(api, wanted, withLookback, pageSamples, reportShare)) {
    for (const { name: metric, labels, samples } of page) {
      if (metric === 'target_info' && samples[0]) increases.markSeen(targetKey(labels), samples[0][0]);
    }
    consume(increases.add(buildHistories(withoutPrefix(page, prefix), `${api.displayUrl} (${name})`, bounds)));
  }
}
