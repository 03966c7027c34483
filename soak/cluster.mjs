// Starts and ends the app together with its load.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '../dist/cli/compare/sources/rounds/free-port.js';
import { expectedCounts } from './counts.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const register = new URL('../dist/register.js', import.meta.url).href;
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Starts the app and its load.
 * @param measured whether the app runs with the preload
 * @param churn    whether the app replaces workers by itself
 * @param every    seconds between two samples
 */
export async function startCluster({ measured, churn, every }) {
  const metrics = await findFreePort();
  const app = fork(here('app.mjs'), {
    execArgv: ['--expose-gc', ...(measured ? ['--import', register] : [])],
    env: {
      PATH: process.env.PATH,
      OTEL_SERVICE_NAME: `soak-${process.pid}`,
      OTEL_EXPORTER_PROMETHEUS_PORT: String(metrics),
      OTEL_LOG_LEVEL: 'warn',
      SAMPLE_SECONDS: String(every),
    },
  });
  const processes = {};
  const answeredBeforeKill = new Map();
  const answers = new Map();
  let load;
  const askTally = () =>
    new Promise((resolve) => {
      answers.set(answers.size, resolve);
      load.send({ question: answers.size - 1 });
    });
  /** Call it before a worker is killed: requests that it has answered by then must not be lost. */
  const announceKill = async (pid) => answeredBeforeKill.set(pid, (await askTally()).answered[pid] ?? 0);
  app.on('message', ({ sample, killing: pid }) => {
    if (sample) {
      processes[sample.name] ??= [];
      processes[sample.name].push(sample);
    }
    if (pid) announceKill(pid);
  });
  const ask = (path) => fetch(`http://localhost:${metrics}${path}`, { signal: AbortSignal.timeout(5_000) });
  const scrape = async () => (await ask('/metrics')).text();
  const [{ port }] = await once(app, 'message');
  if (measured) for (let found = ''; !found; await sleep(50)) found = await scrape().catch(() => '');
  app.send({ go: true, churn });

  load = fork(here('load.mjs'), [String(port)], { execArgv: [] });
  load.on('message', ({ question, tally }) => answers.get(question)?.(tally));
  const nextMessage = (from, key) =>
    new Promise((resolve) => from.on('message', (message) => message[key] && resolve(message[key])));

  return {
    processes,
    scrape,
    announceKill,
    leaderPid: async () => (await (await ask('/status')).json()).pid,
    replace: (pid, killed) => app.send({ replace: pid, killed }),
    /** Stops the replacing of workers, then the load. @returns the counts that the next scrape must show */
    async settle() {
      const settled = nextMessage(app, 'settled');
      app.send({ settle: true });
      await settled;
      await sleep(2_000);
      const done = nextMessage(load, 'done');
      load.send({ stop: true });
      const tally = await done;
      await sleep(500);
      return expectedCounts(tally, answeredBeforeKill);
    },
    async end() {
      app.disconnect();
      load.disconnect();
      await once(app, 'exit');
    },
  };
}
