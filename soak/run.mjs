// `npm run soak [-- --minutes 30 | --seconds 40]`: a cluster at full rate whose workers come and go, for as long as that.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judge, table } from './judge.mjs';

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seconds: { type: 'string' } } });
const seconds = values.seconds ? Number(values.seconds) : 60 * Number(values.minutes ?? 30);
if (!(seconds >= 20)) throw new Error('--seconds: at least 20');

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const register = new URL('../dist/register.js', import.meta.url).href;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** One run of the app under load, with the preload or without. */
async function run(forSeconds, measured) {
  const metrics = await freePort();
  const app = fork(here('app.mjs'), {
    execArgv: ['--expose-gc', ...(measured ? ['--import', register] : [])],
    env: {
      PATH: process.env.PATH,
      OTEL_SERVICE_NAME: `soak-${process.pid}`,
      OTEL_EXPORTER_PROMETHEUS_PORT: String(metrics),
      OTEL_LOG_LEVEL: 'warn',
      SAMPLE_SECONDS: String(Math.min(10, forSeconds / 40)),
    },
  });
  const processes = {};
  const doomed = new Map();
  let load;
  app.on('message', ({ sample, ending, killed }) => {
    if (sample) {
      processes[sample.name] ??= [];
      processes[sample.name].push(sample);
    }
    if (killed) tally().then(({ answered }) => doomed.set(ending, answered[ending] ?? 0));
  });
  const [{ port }] = await once(app, 'message');
  const scrape = () => fetch(`http://localhost:${metrics}/metrics`).then((response) => response.text());
  if (measured) for (let found = ''; !found; await sleep(50)) found = await scrape().catch(() => '');
  app.send('start');

  load = fork(here('load.mjs'), [String(port)], { execArgv: [] });
  const answers = new Map();
  let question = 0;
  load.on('message', (message) => answers.get(message.question)?.(message.tally));
  function tally() {
    return new Promise((resolve) => {
      answers.set(++question, resolve);
      load.send({ question });
    });
  }

  const end = performance.now() + forSeconds * 1e3;
  let slowest = 0;
  while (performance.now() < end) {
    await sleep(1_000);
    if (!measured) continue;
    const before = performance.now();
    await scrape();
    slowest = Math.max(slowest, performance.now() - before);
  }
  const calm = new Promise((resolve) => app.on('message', (message) => message.calm && resolve()));
  app.send('calm');
  await calm;
  await sleep(2_000);
  const done = new Promise((resolve) => load.on('message', (message) => message.done && resolve(message.done)));
  load.send({ stop: true });
  const { answered, unsure } = await done;
  await sleep(500);
  const text = measured ? await scrape() : '';
  app.disconnect();
  load.disconnect();
  await once(app, 'exit');
  return { processes, slowest, counts: counted(text, answered, doomed, unsure) };
}

function counted(text, answered, doomed, unsure) {
  let scraped = 0;
  for (const [, labels, value] of text.matchAll(/^http_requests_total\{(.*)\} (\d+)$/gm)) {
    // Clients that left are counted too, but they cannot say whether they were seen.
    if (!/path="\/abort"|status_code="499"/.test(labels)) scraped += Number(value);
  }
  const entries = Object.entries(answered).map(([pid, count]) => [Number(pid), count]);
  const sum = (list) => list.reduce((all, count) => all + count, 0);
  return {
    scraped,
    exact: sum(entries.filter(([pid]) => !doomed.has(pid)).map(([, count]) => count)),
    killed: sum(entries.filter(([pid]) => doomed.has(pid)).map(([, count]) => count)),
    noticed: sum([...doomed.values()]),
    workers: entries.length,
    unsure,
  };
}

const baseline = await run(Math.min(60, Math.max(10, seconds / 10)), false);
const { processes, counts, slowest } = await run(seconds, true);
const lines = judge({ seconds, processes, baseline: baseline.processes, counts });
const title = `${Math.round(seconds / 6) / 10} minutes, ${counts.workers} workers, ${Math.round((counts.exact + counts.killed) / seconds).toLocaleString('en')} requests/s; longest scrape ${slowest.toFixed(0)} ms. Node.js ${process.versions.node}, ${cpus().length} cores shared with other work.`;
const text = `${title}\n\n${table(lines)}\n`;
console.log(text);
if (seconds >= 1_800) {
  const about =
    '# Soak\n\nPrinted by `npm run soak`: a cluster at full rate, one worker of four replaced every 3 seconds, by turns as apps\nend themselves and by SIGKILL.';
  writeFileSync(here('RESULTS.md'), `${about} ${text}`);
}
process.exitCode = lines.every(({ ok }) => ok) ? 0 : 1;
