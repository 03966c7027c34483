// `npm run soak [-- --minutes 30 | --seconds 40]`: runs a cluster at full rate for this time, while its workers are replaced.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { formatTable, isLong, judge } from './judge.mjs';
import { replaceLeaders, replaceWorkers } from './phases.mjs';

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seconds: { type: 'string' } } });
const seconds = values.seconds ? Number(values.seconds) : 60 * Number(values.minutes ?? 30);
if (!(seconds >= 20)) throw new Error(`--seconds: expected at least 20, got ${seconds}`);
const phaseSeconds = Math.min(60, Math.max(10, seconds / 10));
const every = Math.min(10, seconds / 40);

const baseline = await replaceWorkers(phaseSeconds, Math.min(every, phaseSeconds / 10), false);
const { processes, counts, slowest } = await replaceWorkers(seconds, every, true);
const leaders = await replaceLeaders(Math.max(15, phaseSeconds));
const lines = judge({ seconds, every, processes, baseline: baseline.processes, counts, leaders });

const rate = Math.round((counts.exact + counts.killed) / seconds).toLocaleString('en');
const title = `${Math.round(seconds / 6) / 10} minutes, ${counts.workers} workers, ${rate} requests/s; longest scrape ${slowest.toFixed(0)} ms. Node.js ${process.versions.node}, ${cpus().length} cores shared with other work.`;
const short = 'A run this short finds only large leaks of memory. Run half an hour to find small ones.';
const text = `${title}\n${isLong(seconds) ? '' : `${short}\n`}\n${formatTable(lines)}\n`;
console.log(text);
if (isLong(seconds)) {
  const about =
    '# Soak\n\nPrinted by `npm run soak`: a cluster at full rate. Every 3 seconds one worker of four is replaced, alternately by a\nnormal end and by SIGKILL. Then, for a minute, the leader is replaced every 5 seconds.';
  writeFileSync(new URL('RESULTS.md', import.meta.url), `${about} ${text}`);
}
process.exitCode = lines.every(({ ok }) => ok) ? 0 : 1;
