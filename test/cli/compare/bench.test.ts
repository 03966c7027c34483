import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { periods } from '../../../bench/compare/experiments.mjs';
import { compareSource } from '../../../bench/compare/jobs.mjs';
import { DRIFTS, seededRandom } from '../../../bench/compare/model.mjs';
import { FineHistogram } from '../../../src/base/histogram/fine-histogram.ts';
import { renderJson } from '../../../src/cli/compare/output/json.ts';
import { snapshotName } from '../../../src/cli/compare/sources/snapshots/snapshot-files.ts';
import { OWN_PACKAGE } from '../../../src/config/own-package.ts';
import type { Side } from '../../../src/statistics/model.ts';
import { apm } from '../run.ts';
import { emptyFolder } from './recording.ts';

const START = Date.parse('2026-11-23T07:00:00Z') / 1000;

interface Totals {
  requests: number;
  errors: number;
  seconds: number;
  counts: number[];
  fine: FineHistogram;
}

/** What a process has counted at the end of each block, and before the first. */
function cumulative({ blocks, bounds = [] }: Side) {
  const totals = new Map<string, Totals>();
  const states = blocks.map(({ to, endpoints }) => {
    for (const [key, { requests, errors, seconds, histogram, buckets }] of endpoints) {
      const zero = bounds.concat(0).map(() => 0);
      const own = totals.get(key) ?? { requests: 0, errors: 0, seconds: 0, counts: zero, fine: new FineHistogram() };
      totals.set(key, {
        requests: own.requests + requests,
        errors: own.errors + errors,
        seconds: own.seconds + seconds,
        counts: own.counts.map((count, i) => count + (buckets?.counts[i] ?? 0)),
        // The simulation uses the built package, whose classes are others.
        fine: own.fine.copy().add(FineHistogram.decode((histogram as FineHistogram).encode())),
      });
    }
    return { time: to, totals: new Map(totals) };
  });
  return [{ time: blocks[0]?.from ?? 0, totals: new Map<string, Totals>() }, ...states];
}

/** As `apm snapshot` saves `/snapshot`. */
function snapshot(time: number, totals: ReadonlyMap<string, Totals>, bounds: readonly number[]): string {
  const requests = Array.from(totals).flatMap(([key, { requests, errors, seconds, counts, fine }]) => {
    const [method, path] = key.split(' ');
    const none = { seconds: 0, counts: counts.map(() => 0), fine: new FineHistogram().encode() };
    return [
      { path, method, status: 200, requests: requests - errors, seconds, counts, fine: fine.encode() },
      { path, method, status: 500, requests: errors, ...none },
    ];
  });
  return JSON.stringify({
    format: 1,
    package: OWN_PACKAGE,
    service: { name: 'shop', version: null },
    time: new Date(time * 1000).toISOString(),
    counted: { id: 'one', since: null },
    processes: [{ pid: '1', started: new Date((START - 86_400) * 1000).toISOString() }],
    bounds,
    requests,
    calls: [],
    databaseCalls: [],
    timeSpent: [],
  });
}

/** As a Prometheus scrapes `/metrics`. */
function scrape(totals: ReadonlyMap<string, Totals>, bounds: readonly number[]): string {
  const lines = ['target_info{service_instance_id="one"} 1'];
  for (const [key, { requests, errors, seconds, counts }] of totals) {
    const [method, path] = key.split(' ');
    const labels = `path="${path}",method="${method}"`;
    lines.push(`http_requests_total{${labels},status_code="200"} ${requests - errors}`);
    lines.push(`http_requests_total{${labels},status_code="500"} ${errors}`);
    let below = 0;
    for (const [i, le] of [...bounds, '+Inf'].entries()) {
      below += counts[i] ?? 0;
      lines.push(`http_duration_bucket{${labels},le="${le}"} ${below}`);
    }
    lines.push(`http_duration_sum{${labels}} ${seconds}`, `http_duration_count{${labels}} ${below}`);
  }
  return `${lines.join('\n')}\n`;
}

async function save(folder: string, side: Side, kind: 'json' | 'text'): Promise<string> {
  await mkdir(folder);
  for (const { time, totals } of cumulative(side)) {
    const text = kind === 'json' ? snapshot(time, totals, side.bounds ?? []) : scrape(totals, side.bounds ?? []);
    await writeFile(join(folder, snapshotName(new Date(time * 1000), kind)), text);
  }
  return folder;
}

/** Sums of fractions differ by their order. */
const rounded = (text: string) =>
  JSON.parse(text, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value));

it.each([
  ['recordings', 'json'],
  ['Prometheus', 'text'],
] as const)('gives for the same requests what bench:compare says of %s', async (source, kind) => {
  const lengths = { minutes: [3, 3], gap: 10 } as const;
  const simulated = periods([1, 2], [0.8, 2], DRIFTS.drift, seededRandom(5), lengths);
  const sides = simulated.map((side) => ({
    ...side,
    blocks: side.blocks.map((block) => ({ ...block, from: block.from + START, to: block.to + START })),
  }));
  const folder = await emptyFolder();
  const [before, after] = await Promise.all(sides.map((side) => save(join(folder, side.name), side, kind)));
  const { stdout, stderr } = await apm(['compare', before as string, after as string, '--format', 'json']);
  expect(stderr).toBe('');
  const expected = compareSource(source, sides);
  expect(expected.endpoints[0]?.measures.map(({ verdict }) => verdict)).toContain('no evidence');
  expect(rounded(stdout)).toEqual(rounded(renderJson(expected)));
});
