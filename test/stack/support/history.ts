import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Found } from '../../../stack/programs.ts';
import type { Prometheus } from '../../../stack/prometheus.ts';
import { run } from '../../../stack/run.ts';

/** Seconds. */
const HOUR_SECONDS = 3600;
const DAY = 24 * HOUR_SECONDS;
/** What a dashboard or an alert looks back to: closely around these, as often as a service is scraped. */
const LOOKED_AT = [HOUR_SECONDS, DAY, 7 * DAY];
const FINE_STEP_SECONDS = 15;
/** In between, coarsely. */
const COARSELY = HOUR_SECONDS / 4;

/**
 * A past of eight days for a Prometheus that is yet to start: what one scrape shows, counted again and again, as of a
 * service that was under the same load all the time until two minutes ago.
 * @param promtool writes the blocks
 * @param folder   of the Prometheus; its data is in `data/`
 * @param scrape   the text of one
 * @param labels   of its target: `job="shop",instance="a"`
 */
export async function writeHistory(promtool: Found, folder: string, scrape: string, labels: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const start = now - 8 * DAY;
  const near = (at: number) => LOOKED_AT.some((ago) => Math.abs(at - (now - ago)) < HOUR_SECONDS);
  const times: number[] = [];
  for (let at = start; at <= now - 120; at += near(at) ? FINE_STEP_SECONDS : COARSELY) times.push(at);

  const lines: string[] = [];
  for (const line of `${scrape}up 1`.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, own = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) as string[];
    const gauge = /^(up|target_info|http_active_requests)$/.test(name as string);
    const id = `${name}{${own ? `${own},` : ''}${labels}}`;
    for (const at of times)
      lines.push(`${id} ${gauge ? value : Number(value) * ((at - start) / FINE_STEP_SECONDS)} ${at}`);
  }
  await mkdir(join(folder, 'data'), { recursive: true });
  const file = join(folder, 'history.om');
  await writeFile(file, `${lines.join('\n')}\n# EOF\n`);
  // Long blocks: it reads the whole file again for each.
  await promtoolTsdb(promtool, folder, 'openmetrics', '--max-block-duration=216h', file, 'data');
}

/** What the recording rules would have recorded in that past. The Prometheus is restarted to see it. */
export async function recordHistory(promtool: Found, prometheus: Prometheus, rules: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  for (const ago of LOOKED_AT) {
    const [start, end] = [now - ago - HOUR_SECONDS / 2, now - ago + HOUR_SECONDS / 2].map(String);
    const during = [`--url=${prometheus.url}`, `--start=${start}`, `--end=${end}`, '--output-dir=data'];
    await promtoolTsdb(promtool, prometheus.folder, 'rules', ...during, rules);
  }
  await prometheus.restart();
}

const promtoolTsdb = (promtool: Found, cwd: string, ...args: string[]) =>
  run(promtool.path, ['tsdb', 'create-blocks-from', ...args], { cwd });
