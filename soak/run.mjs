// `npm run soak [-- --minutes 30 | --seconds 40]`: a cluster at full rate whose workers come and go, for as long as that.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { isLong, judge, table } from './judge.mjs';
import { owners, workers } from './phases.mjs';

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seconds: { type: 'string' } } });
const seconds = values.seconds ? Number(values.seconds) : 60 * Number(values.minutes ?? 30);
if (!(seconds >= 20)) throw new Error('--seconds: at least 20');
const part = Math.min(60, Math.max(10, seconds / 10));
const every = Math.min(10, seconds / 40);

const baseline = await workers(part, Math.min(every, part / 10), false);
const { processes, counts, slowest } = await workers(seconds, every, true);
const replaced = await owners(Math.max(15, part));
const lines = judge({ seconds, every, processes, baseline: baseline.processes, counts, owners: replaced });

const rate = Math.round((counts.exact + counts.killed) / seconds).toLocaleString('en');
const title = `${Math.round(seconds / 6) / 10} minutes, ${counts.workers} workers, ${rate} requests/s; longest scrape ${slowest.toFixed(0)} ms. Node.js ${process.versions.node}, ${cpus().length} cores shared with other work.`;
const short = 'Too short to tell how memory goes over time: this finds large leaks of memory only. Half an hour tells.';
const text = `${title}\n${isLong(seconds) ? '' : `${short}\n`}\n${table(lines)}\n`;
console.log(text);
if (isLong(seconds)) {
  const about =
    '# Soak\n\nPrinted by `npm run soak`: a cluster at full rate, one worker of four replaced every 3 seconds, by turns as apps\nend themselves and by SIGKILL; then for a minute the scraped one, every 5 seconds.';
  writeFileSync(new URL('RESULTS.md', import.meta.url), `${about} ${text}`);
}
process.exitCode = lines.every(({ ok }) => ok) ? 0 : 1;
