import type { Side } from '../../../../statistics/model.ts';
import { InputError } from '../../../input-error.ts';
import type { EndpointFilter } from '../../endpoint-filter.ts';
import { BlockBuilder, blockEdges } from '../blocks.ts';
import { SharedBounds } from '../history.ts';
import { targetKey } from '../series-identity.ts';
import type { TimeRange } from '../time-range.ts';
import type { PrometheusApi } from './api.ts';
import { PAGE_SAMPLES, queryPages } from './query-pages.ts';
import { blockLength, countSamples, LOOKBACK_SECONDS, type ReadOptions, readIncreases } from './ranges.ts';
import { describeRange, selectSeries, targetInfoSelector } from './selector.ts';

/**
 * Two versions that served at the same time, by `service_version` of `target_info`. An increase belongs to the version
 * that its process has at the end of the increase. Only the time in which both versions existed is used, and of its
 * blocks those in which both had requests.
 * @throws InputError
 */
export async function loadVersionSides(
  api: PrometheusApi,
  filter: EndpointFilter,
  versions: readonly [before: string, after: string],
  range: TimeRange,
  options: ReadOptions = {},
): Promise<[before: Side, after: Side]> {
  const timeline = await loadTimeline(api, filter.job, versions, range, options);
  const common = commonRange(timeline, versions, range);
  const selectors = await selectSeries(api, filter, [common]);
  const samples = await countSamples(api, selectors, common, 'versions');
  const commonLength = common.to - common.from;
  const length = blockLength([commonLength, samples], [commonLength, samples]);
  const edges = blockEdges(common.from, common.to, Math.max(1, Math.round(commonLength / length)));
  const bounds = new SharedBounds();
  const builders = versions.map((version) => ({ version, blocks: new BlockBuilder(version, edges) }));
  await readIncreases(api, selectors, common, versions.join(' and '), bounds, options, (increases) => {
    for (const { version, blocks } of builders) {
      blocks.add(increases.filter(({ series, to }) => timeline.versionAt(series.target, to) === version));
    }
  });
  const [before, after] = builders.map(({ blocks }) => blocks.buildSide(bounds)) as [Side, Side];
  const isPaired = before.blocks.map(
    (block, i) => block.endpoints.size > 0 && (after.blocks[i]?.endpoints.size ?? 0) > 0,
  );
  if (!isPaired.includes(true)) throw noOverlap(versions, common);
  const pairedOnly = (side: Side): Side => ({ ...side, blocks: side.blocks.filter((_, i) => isPaired[i]) });
  return [pairedOnly(before), pairedOnly(after)];
}

/** Which version each process had, and when. */
class VersionTimeline {
  readonly #spans = new Map<string, { from: number; to: number; version: string }[]>();

  /** In ascending order of time, for each process. */
  add(target: string, version: string, time: number): void {
    const spans = this.#spans.get(target) ?? [];
    this.#spans.set(target, spans);
    const last = spans.at(-1);
    if (last?.version === version) last.to = Math.max(last.to, time);
    else spans.push({ from: time, to: time, version });
  }

  /**
   * A version lasts until the next one. The first also covers a short time before: pushed `target_info` may come late.
   */
  versionAt(target: string, time: number): string | undefined {
    const spans = this.#spans.get(target);
    const last = spans?.findLast(({ from }) => from <= time);
    if (last) return last.version;
    const first = spans?.[0];
    return first && first.from - time <= LOOKBACK_SECONDS ? first.version : undefined;
  }

  /** From the first to the last sample of any process. */
  rangeOf(version: string): TimeRange | undefined {
    const spans = [...this.#spans.values()].flat().filter((span) => span.version === version);
    if (spans.length === 0) return undefined;
    return { from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) };
  }
}

const MAX_SUGGESTIONS = 10;

async function loadTimeline(
  api: PrometheusApi,
  job: string | undefined,
  versions: readonly string[],
  range: TimeRange,
  { pageSamples = PAGE_SAMPLES }: ReadOptions,
): Promise<VersionTimeline> {
  const timeline = new VersionTimeline();
  const selector = targetInfoSelector({ job }, 'service_version!=""');
  const withLookback = { from: range.from - LOOKBACK_SECONDS, to: range.to };
  for await (const page of queryPages(api, [selector], withLookback, pageSamples)) {
    const samples = page.flatMap(({ labels, samples }) =>
      samples.map(([time]) => ({ target: targetKey(labels), version: labels.service_version as string, time })),
    );
    samples.sort((a, b) => a.time - b.time);
    for (const { target, version, time } of samples) timeline.add(target, version, time);
  }
  for (const version of versions) {
    if (timeline.rangeOf(version)) continue;
    const known = await api.queryLabelValues('service_version', selector, withLookback.from, withLookback.to);
    const remedy =
      known.length > 0
        ? `known: ${known.slice(-MAX_SUGGESTIONS).join(', ')}`
        : 'set the version in package.json, or service.version in OTEL_RESOURCE_ATTRIBUTES';
    throw new InputError(
      `no target_info has service_version ${JSON.stringify(version)} ${describeRange(range)}; ${remedy}`,
    );
  }
  return timeline;
}

/** The part of the range in which both versions existed. @throws InputError without one */
function commonRange(timeline: VersionTimeline, versions: readonly [string, string], range: TimeRange): TimeRange {
  const [before, after] = versions.map((version) => timeline.rangeOf(version) as TimeRange) as [TimeRange, TimeRange];
  const from = Math.max(before.from, after.from, range.from);
  const to = Math.min(before.to, after.to, range.to);
  if (from >= to) throw noOverlap(versions, range);
  return { from, to };
}

const noOverlap = ([before, after]: readonly [string, string], range: TimeRange) =>
  new InputError(
    `${before} and ${after} did not serve at the same time ${describeRange(range)}; compare two periods instead: --before and --after`,
  );
