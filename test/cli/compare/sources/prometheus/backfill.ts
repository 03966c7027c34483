import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Found } from '../../../../../stack/programs.ts';
import { type Prometheus, startPrometheus } from '../../../../../stack/prometheus.ts';
import { run } from '../../../../../stack/run.ts';

/** The history of one process: what each endpoint counted into each bucket before each scrape. */
export interface ProcessHistory {
  labels: Record<string, string>;
  version?: string;
  /** The time of each scrape, seconds since 1970. */
  times: readonly number[];
  bounds: readonly string[];
  /** By the path of a GET: the increments before each scrape, and the scrapes before which the process restarted. */
  endpoints: Record<string, { increments: readonly (readonly number[])[]; restarts?: readonly number[] }>;
}

/**
 * OpenMetrics text. Per timed request: one request with 200, two with 503, and 1/8 s, which floating point represents
 * exactly.
 */
function openMetricsLines({ labels, version, times, bounds, endpoints }: ProcessHistory): string[] {
  const lines: string[] = [];
  const labelText = (more: Record<string, string>) =>
    `{${Object.entries({ ...labels, ...more })
      .map(([name, value]) => `${name}="${value}"`)
      .join(',')}}`;
  if (version) for (const time of times) lines.push(`target_info${labelText({ service_version: version })} 1 ${time}`);
  for (const [path, { increments, restarts = [] }] of Object.entries(endpoints)) {
    const endpoint = { path, method: 'GET' };
    const totals: number[][] = [];
    increments.forEach((added, i) => {
      const last = restarts.includes(i) ? undefined : totals[i - 1];
      totals.push(added.map((n, bucket) => n + (last?.[bucket] ?? 0)));
    });
    const series = (name: string, more: Record<string, string>, value: (total: number[]) => number) => {
      const id = name + labelText({ ...endpoint, ...more });
      times.forEach((time, i) => void lines.push(`${id} ${value(totals[i] as number[])} ${time}`));
    };
    const all = (total: number[]) => total.reduce((sum, each) => sum + each, 0);
    [...bounds, '+Inf'].forEach(
      (le, i) => void series('http_duration_bucket', { le }, (total) => all(total.slice(0, i + 1))),
    );
    series('http_duration_sum', {}, (total) => all(total) / 8);
    series('http_duration_count', {}, all);
    series('http_requests_total', { status_code: '200' }, (total) => all(total));
    series('http_requests_total', { status_code: '503' }, (total) => 2 * all(total));
  }
  return lines;
}

/** Starts a Prometheus that has stored these histories. */
export async function startWithHistory(
  program: Found,
  promtool: Found,
  histories: readonly ProcessHistory[],
  flags: string[] = [],
): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'apm-histories-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'histories.om'), `${histories.flatMap(openMetricsLines).join('\n')}\n# EOF\n`);
  await run(
    promtool.path,
    ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=216h', 'histories.om', 'data'],
    {
      cwd: folder,
    },
  );
  const prometheus = await startPrometheus({ program, config: { scrape_configs: [] }, folder, flags });
  onTestFinished(() => prometheus.close());
  return prometheus;
}

/** Deterministic random integers from 0 to below `end`. */
export function seededNumbers(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}
