import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { snapshotName } from '../../../src/cli/compare/sources/snapshots/snapshot-files.ts';

const BOUNDS = ['0.1', '0.2', '0.5', '1.0'];

/** How many requests each bucket has, by endpoint. */
export type RequestCounts = Readonly<Record<string, readonly number[]>>;

/** Nearly the same counts in each block, with a fixed small variation. */
export const varyingBlocks = (requests: RequestCounts, blocks = 24): RequestCounts[] =>
  Array.from({ length: blocks }, (_, i) =>
    Object.fromEntries(
      Object.entries(requests).map(([key, counts]) => [
        key,
        counts.map((count, bucket) => Math.round(count * (1 + (((i + bucket) * 7) % 5) / 50))),
      ]),
    ),
  );

export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'apm-compare-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Writes the snapshots of a process with these requests, one every 15 s, as apm snapshot would.
 * @param start  time of the first snapshot, seconds since 1970
 */
export async function record(
  folder: string,
  blocks: readonly RequestCounts[],
  start: number,
  bounds = BOUNDS,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const totals = new Map<string, number[]>();
  for (const [i, block] of [{}, ...blocks].entries()) {
    for (const [key, counts] of Object.entries(block)) {
      const total = totals.get(key);
      totals.set(
        key,
        counts.map((count, bucket) => count + (total?.[bucket] ?? 0)),
      );
    }
    await writeFile(join(folder, snapshotName(new Date((start + i * 15) * 1000), 'text')), scrape(totals, bounds));
  }
  return folder;
}

/** The text of a scrape in which a tenth of the requests failed, and each request took 50 ms. */
function scrape(totals: ReadonlyMap<string, readonly number[]>, bounds: readonly string[]): string {
  const lines = ['target_info{service_instance_id="one"} 1'];
  for (const [key, counts] of totals) {
    const [method, path] = key.split(/ (.*)/s) as [string, string];
    const escaped = path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    const labels = `path="${escaped}",method="${method}"`;
    const upTo = (end: number) => counts.slice(0, end).reduce((sum, count) => sum + count, 0);
    const all = upTo(counts.length);
    const failed = Math.floor(all / 10);
    lines.push(`http_requests_total{${labels},status_code="200"} ${all - failed}`);
    if (failed > 0) lines.push(`http_requests_total{${labels},status_code="500"} ${failed}`);
    for (const [i, le] of [...bounds, '+Inf'].entries()) {
      lines.push(`http_duration_bucket{${labels},le="${le}"} ${upTo(i + 1)}`);
    }
    lines.push(`http_duration_sum{${labels}} ${all / 20}`, `http_duration_count{${labels}} ${all}`);
  }
  return `${lines.join('\n')}\n`;
}
