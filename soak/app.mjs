// A cluster behind one port. Two workers live as long as it does, of which the first owns the metrics port; the others are
// replaced again and again, by turns as apps end themselves and by SIGKILL. Or none but those that are asked for.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { sampled } from './samples.mjs';

const CHURNING = 2;
/** Milliseconds between two replacements, and between the announcement of a SIGKILL and it. */
const CHURN = 3_000;
const NOTICE = 1_000;

if (cluster.isPrimary) await lead();
else serve();

async function lead() {
  cluster.setupPrimary({ exec: fileURLToPath(import.meta.url) });
  sampled('primary', [process, cluster]);
  const owner = start({ STEADY: 'owner' });
  await new Promise((resolve) => owner.once('listening', ({ port }) => resolve(process.send({ port }))));
  process.on('disconnect', () => process.exit());
  let timer;
  process.on('message', ({ go, churn, replace, killed, calm }) => {
    // The others must not get the metrics port, so they wait for the first to have it.
    if (go) {
      start({ STEADY: 'member' });
      const churning = Array.from({ length: CHURNING }, () => start({}));
      if (churn) timer = churnOf(churning);
    }
    if (replace) {
      start({});
      const worker = Object.values(cluster.workers).find(({ process: { pid } }) => pid === replace);
      end(worker, killed);
    }
    if (calm) {
      clearInterval(timer);
      process.send({ calm: true });
    }
  });
}

function churnOf(churning) {
  let turn = 0;
  return setInterval(() => {
    const worker = churning.shift();
    churning.push(start({}));
    const killed = turn++ % 2 === 1;
    if (killed) process.send({ doomed: worker.process.pid });
    setTimeout(() => end(worker, killed), killed ? NOTICE : 0);
  }, CHURN);
}

function end(worker, killed) {
  if (killed) worker.process.kill('SIGKILL');
  else worker.send('end');
}

function start(env) {
  return cluster.fork(env).on('message', (message) => process.send(message));
}

function serve() {
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
  if (name) sampled(name, [process, server]);
  process.on('message', () => {
    ending = true;
    server.close(() => process.exit(0));
  });
}
