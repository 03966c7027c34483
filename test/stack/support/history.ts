import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Found } from '../../../stack/programs.ts';
import type { Prometheus } from '../../../stack/prometheus.ts';
import { run } from '../../../stack/run.ts';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
/** The dashboards and alerts look back by these times. */
const LOOKBACKS_SECONDS = [HOUR_SECONDS, DAY_SECONDS, 7 * DAY_SECONDS];
/** Around these times, the interval of a real scrape. */
const FINE_STEP_SECONDS = 15;
/** In between, where no expression looks. */
const COARSE_STEP_SECONDS = HOUR_SECONDS / 4;

/** In Unix seconds. All times are whole intervals after the start. */
export interface HistoryTimes {
  readonly start: number;
  readonly times: readonly number[];
  readonly intervalSeconds: number;
}

/** The times of a history of eight days until two minutes ago. */
export function historyTimes(): HistoryTimes {
  const now = Math.floor(Date.now() / 1000);
  const start = now - 8 * DAY_SECONDS;
  const isNearLookback = (at: number) => LOOKBACKS_SECONDS.some((ago) => Math.abs(at - (now - ago)) < HOUR_SECONDS);
  const times: number[] = [];
  for (let at = start; at <= now - 120; at += isNearLookback(at) ? FINE_STEP_SECONDS : COARSE_STEP_SECONDS)
    times.push(at);
  return { start, times, intervalSeconds: FINE_STEP_SECONDS };
}

/**
 * Writes a history of eight days for a Prometheus that has not started yet. It repeats the counts of one scrape, like a
 * service that had the same load all the time until two minutes ago.
 * @param promtool writes the blocks
 * @param folder   the folder of the Prometheus; its data is in `data/`
 * @param scrape   the text of the scrape
 * @param labels   the labels of the target: `job="shop",instance="a"`
 */
export async function writeHistory(promtool: Found, folder: string, scrape: string, labels: string): Promise<void> {
  const { start, times } = historyTimes();
  const lines: string[] = [];
  for (const line of `${scrape}up 1`.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, own = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) as string[];
    const gauge = /^(up|target_info|\w*http_active_requests)$/.test(name as string);
    const id = `${name}{${own ? `${own},` : ''}${labels}}`;
    for (const at of times)
      lines.push(`${id} ${gauge ? value : Number(value) * ((at - start) / FINE_STEP_SECONDS)} ${at}`);
  }
  await mkdir(join(folder, 'data'), { recursive: true });
  const file = join(folder, 'history.om');
  await writeFile(file, `${lines.join('\n')}\n# EOF\n`);
  // Few long blocks, because promtool reads the whole file again for each block.
  await promtoolTsdb(promtool, folder, 'openmetrics', '--max-block-duration=216h', file, 'data');
}

/** Adds the results of the recording rules to that history. Restarts the Prometheus, which then reads them. */
export async function recordHistory(promtool: Found, prometheus: Prometheus, rules: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  for (const ago of LOOKBACKS_SECONDS) {
    const [start, end] = [now - ago - HOUR_SECONDS / 2, now - ago + HOUR_SECONDS / 2].map(String);
    const during = [`--url=${prometheus.url}`, `--start=${start}`, `--end=${end}`, '--output-dir=data'];
    await promtoolTsdb(promtool, prometheus.folder, 'rules', ...during, rules);
  }
  await prometheus.restart();
}

const promtoolTsdb = (promtool: Found, cwd: string, ...args: string[]) =>
  run(promtool.path, ['tsdb', 'create-blocks-from', ...args], { cwd });
