// A cluster behind one port. Two workers live as long as the cluster; the first of them is the leader, which serves the
// metrics. The other workers are replaced repeatedly, alternately by a normal end and by SIGKILL. Without `churn`, workers
// are replaced only on request.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { startSampling } from './samples.mjs';

const REPLACED_WORKERS = 2;
const REPLACE_INTERVAL_MS = 3_000;
/** From the message that a worker will be killed to its SIGKILL. */
const KILL_NOTICE_MS = 1_000;

if (cluster.isPrimary) await runPrimary();
else runWorker();

async function runPrimary() {
  cluster.setupPrimary({ exec: fileURLToPath(import.meta.url) });
  startSampling('primary', [process, cluster]);
  const leader = start({ STEADY: 'leader' });
  await new Promise((resolve) => leader.once('listening', ({ port }) => resolve(process.send({ port }))));
  process.on('disconnect', () => process.exit());
  let timer;
  process.on('message', ({ go, churn, replace, killed, settle }) => {
    // The other workers start later, because the first one must be the leader.
    if (go) {
      start({ STEADY: 'follower' });
      const workers = Array.from({ length: REPLACED_WORKERS }, () => start({}));
      if (churn) timer = replaceRepeatedly(workers);
    }
    if (replace) {
      start({});
      const worker = Object.values(cluster.workers).find(({ process: { pid } }) => pid === replace);
      end(worker, killed);
    }
    if (settle) {
      clearInterval(timer);
      process.send({ settled: true });
    }
  });
}

function replaceRepeatedly(workers) {
  let turn = 0;
  return setInterval(() => {
    const worker = workers.shift();
    workers.push(start({}));
    const killed = turn++ % 2 === 1;
    if (killed) process.send({ killing: worker.process.pid });
    setTimeout(() => end(worker, killed), killed ? KILL_NOTICE_MS : 0);
  }, REPLACE_INTERVAL_MS);
}

function end(worker, killed) {
  if (killed) worker.process.kill('SIGKILL');
  else worker.send('end');
}

function start(env) {
  return cluster.fork(env).on('message', (message) => process.send(message));
}

function runWorker() {
  let ending = false;
  const server = createServer((request, response) => {
    if (ending) response.setHeader('Connection', 'close');
    response.setHeader('X-Worker', process.pid);
    if (request.url.startsWith('/missing')) response.statusCode = 404;
    if (request.url.startsWith('/slow')) setTimeout(() => response.end('late'), 20);
    else response.end('hello');
  });
  server.listen(0, '127.0.0.1');
  const { STEADY: name } = process.env;
  if (name) startSampling(name, [process, server]);
  process.on('message', () => {
    ending = true;
    server.close(() => process.exit(0));
  });
}
