import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Found } from '../../../stack/programs.ts';
import { run } from '../../../stack/run.ts';

/** Seconds. */
const HOUR = 3600;
const DAY = 24 * HOUR;
/** What a dashboard looks back to: closely around these, as often as a service is scraped, and coarsely in between. */
const LOOKED_AT = [HOUR, DAY, 7 * DAY];
const CLOSELY = 15;
const COARSELY = HOUR / 4;

/**
 * A past of eight days for a Prometheus that is yet to start: what one scrape shows, counted again and again, as of a
 * service that was under the same load all the time.
 * @param promtool writes the blocks
 * @param data     the folder Prometheus keeps its data in
 * @param scrape   the text of one
 * @param labels   of its target: `job="shop",instance="a"`
 * @returns when the past ends, seconds since 1970
 */
export async function writeHistory(promtool: Found, data: string, scrape: string, labels: string): Promise<number> {
  const now = Math.floor(Date.now() / 1000);
  const end = now - 120;
  const start = now - 8 * DAY;
  const near = (at: number) => LOOKED_AT.some((ago) => Math.abs(at - (now - ago)) < HOUR);
  const times: number[] = [];
  for (let at = start; at <= end; at += near(at) ? CLOSELY : COARSELY) times.push(at);

  const lines: string[] = [];
  for (const line of `${scrape}up 1`.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, own = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) as string[];
    const gauge = /^(up|target_info|http_active_requests)$/.test(name as string);
    const id = `${name}{${own ? `${own},` : ''}${labels}}`;
    for (const at of times) lines.push(`${id} ${gauge ? value : Number(value) * ((at - start) / CLOSELY)} ${at}`);
  }
  await mkdir(data, { recursive: true });
  const file = join(data, '..', 'history.om');
  await writeFile(file, `${lines.join('\n')}\n# EOF\n`);
  // Long blocks: it reads the whole file again for each.
  await run(promtool.path, ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=216h', file, data]);
  return end;
}
