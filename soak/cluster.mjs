// The app and its load, started and ended together.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expected } from './counts.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const register = new URL('../dist/register.js', import.meta.url).href;
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/**
 * The app under load, until it is ended.
 * @param measured whether the preload is in
 * @param churn    whether workers are replaced without being asked to
 * @param every    seconds between two samples
 */
export async function startCluster({ measured, churn, every }) {
  const metrics = await freePort();
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
  const doomed = new Map();
  const answers = new Map();
  let load;
  const tally = () =>
    new Promise((resolve) => {
      answers.set(answers.size, resolve);
      load.send({ question: answers.size - 1 });
    });
  /** To be told a second before a worker is killed. */
  const notice = async (pid) => doomed.set(pid, (await tally()).answered[pid] ?? 0);
  app.on('message', ({ sample, doomed: pid }) => {
    if (sample) {
      processes[sample.name] ??= [];
      processes[sample.name].push(sample);
    }
    if (pid) notice(pid);
  });
  const ask = (path) => fetch(`http://localhost:${metrics}${path}`, { signal: AbortSignal.timeout(5_000) });
  const scrape = async () => (await ask('/metrics')).text();
  const [{ port }] = await once(app, 'message');
  if (measured) for (let found = ''; !found; await sleep(50)) found = await scrape().catch(() => '');
  app.send({ go: true, churn });

  load = fork(here('load.mjs'), [String(port)], { execArgv: [] });
  load.on('message', ({ question, tally: told }) => answers.get(question)?.(told));
  const heard = (from, key) =>
    new Promise((resolve) => from.on('message', (message) => message[key] && resolve(message[key])));

  return {
    processes,
    scrape,
    notice,
    ownerPid: async () => (await (await ask('/status')).json()).pid,
    replace: (pid, killed) => app.send({ replace: pid, killed }),
    /** No worker ends any more, then the load does. @returns what there has to be in the next scrape */
    async calm() {
      const calm = heard(app, 'calm');
      app.send({ calm: true });
      await calm;
      await sleep(2_000);
      const done = heard(load, 'done');
      load.send({ stop: true });
      const told = await done;
      await sleep(500);
      return expected(told, doomed);
    },
    async end() {
      app.disconnect();
      load.disconnect();
      await once(app, 'exit');
    },
  };
}
