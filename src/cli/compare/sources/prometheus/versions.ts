import { BadInput } from '../../../input-error.ts';
import type { Side } from '../../model.ts';
import { Blocks, edgesOf } from '../blocks.ts';
import { Bounds } from '../history.ts';
import { targetOfLabels } from '../series-identity.ts';
import type { TimeRange } from '../time-range.ts';
import type { PrometheusApi } from './api.ts';
import { PAGE_SAMPLES, pages } from './query-pages.ts';
import { blockLength, LOOKBACK, type Reading, read, samplesIn } from './ranges.ts';
import { iso, type Selection, select, targetInfo } from './selector.ts';

/**
 * Two versions that served at the same time, by `service_version` of `target_info`. What an instance counted up to a
 * sample belongs to the version that it has then. Only the time that both were there is looked at, and of its blocks
 * those in which both had requests.
 * @param versions  before, after
 * @throws BadInput with one line that says what to do
 */
export async function sidesOfVersions(
  api: PrometheusApi,
  selection: Selection,
  versions: readonly [before: string, after: string],
  range: TimeRange,
  reading: Reading = {},
): Promise<[before: Side, after: Side]> {
  const timeline = await timelineOf(api, selection.job, versions, range, reading);
  const both = overlap(timeline, versions, range);
  const selected = await select(api, selection, [both]);
  const samples = await samplesIn(api, selected, both, 'versions');
  const length = blockLength([both.to - both.from, samples], [both.to - both.from, samples]);
  const edges = edgesOf(both.from, both.to, Math.max(1, Math.round((both.to - both.from) / length)));
  const bounds = new Bounds();
  const sides = versions.map((version) => ({ version, blocks: new Blocks(version, edges) }));
  await read(api, selected, both, versions.join(' and '), bounds, reading, (increases) => {
    for (const { version, blocks } of sides) {
      blocks.add(increases.filter(({ series, to }) => timeline.versionAt(series.target, to) === version));
    }
  });
  const [before, after] = sides.map(({ blocks }) => blocks.side(bounds)) as [Side, Side];
  const paired = before.blocks.map(
    (block, i) => block.endpoints.size > 0 && (after.blocks[i]?.endpoints.size ?? 0) > 0,
  );
  if (!paired.includes(true)) throw apart(versions, both);
  const pairedOf = (side: Side): Side => ({ ...side, blocks: side.blocks.filter((_, i) => paired[i]) });
  return [pairedOf(before), pairedOf(after)];
}

/** Which version each process had, and when. */
class Timeline {
  readonly #changes = new Map<string, { from: number; to: number; version: string }[]>();

  /** In the order of time, for each process. */
  add(target: string, version: string, time: number): void {
    const changes = this.#changes.get(target) ?? [];
    this.#changes.set(target, changes);
    const last = changes.at(-1);
    if (last?.version === version) last.to = Math.max(last.to, time);
    else changes.push({ from: time, to: time, version });
  }

  /** Since it says so, until it says otherwise: where metrics are pushed, `target_info` is rarer than they are. */
  versionAt(target: string, time: number): string | undefined {
    const changes = this.#changes.get(target);
    const last = changes?.findLast(({ from }) => from <= time);
    if (last) return last.version;
    const first = changes?.[0];
    return first && first.from - time <= LOOKBACK ? first.version : undefined;
  }

  /** From its first to its last sign of any process. */
  during(version: string): TimeRange | undefined {
    const all = [...this.#changes.values()].flat().filter((each) => each.version === version);
    if (all.length === 0) return undefined;
    return { from: Math.min(...all.map(({ from }) => from)), to: Math.max(...all.map(({ to }) => to)) };
  }
}

async function timelineOf(
  api: PrometheusApi,
  job: string | undefined,
  versions: readonly string[],
  range: TimeRange,
  { pageSamples = PAGE_SAMPLES }: Reading,
): Promise<Timeline> {
  const timeline = new Timeline();
  const versioned = targetInfo({ job }, 'service_version!=""');
  const told = { from: range.from - LOOKBACK, to: range.to };
  for await (const page of pages(api, [versioned], told, pageSamples)) {
    const signs = page.flatMap(({ labels, samples }) =>
      samples.map(([time]) => ({ target: targetOfLabels(labels), version: labels.service_version as string, time })),
    );
    signs.sort((a, b) => a.time - b.time);
    for (const { target, version, time } of signs) timeline.add(target, version, time);
  }
  for (const version of versions) {
    if (timeline.during(version)) continue;
    const there = await api.labelValues('service_version', versioned, told.from, told.to);
    const instead =
      there.length > 0
        ? `there is: ${there.slice(-10).join(', ')}`
        : 'the version in package.json, or service.version in OTEL_RESOURCE_ATTRIBUTES, would be it';
    throw new BadInput(
      `no target_info has service_version ${JSON.stringify(version)} from ${iso(range.from)} to ${iso(range.to)}; ${instead}`,
    );
  }
  return timeline;
}

/** @throws BadInput where there is none */
function overlap(timeline: Timeline, versions: readonly [string, string], range: TimeRange): TimeRange {
  const [one, other] = versions.map((version) => timeline.during(version) as TimeRange) as [TimeRange, TimeRange];
  const both = { from: Math.max(one.from, other.from, range.from), to: Math.min(one.to, other.to, range.to) };
  if (both.from >= both.to) throw apart(versions, range);
  return both;
}

const apart = ([one, other]: readonly [string, string], { from, to }: TimeRange) =>
  new BadInput(
    `${one} and ${other} did not serve at the same time from ${iso(from)} to ${iso(to)}; compare their times instead: --before and --after`,
  );
