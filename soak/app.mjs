// A cluster behind one port. Two workers live as long as it does, of which the first owns the metrics port; the others are
// replaced again and again, by turns as apps end themselves and by SIGKILL.
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
  const owner = start({ STEADY: 'owner' });
  await new Promise((resolve) => owner.once('listening', ({ port }) => resolve(process.send({ port }))));
  // The second must not get the metrics port, so it waits for the first to have it.
  process.once('message', () => {
    start({ STEADY: 'member' });
    const churning = Array.from({ length: CHURNING }, () => start({}));
    let turn = 0;
    const timer = setInterval(() => {
      const worker = churning.shift();
      churning.push(start({}));
      process.send({ ending: worker.process.pid, killed: turn % 2 === 1 });
      if (turn++ % 2 === 0) worker.send('end');
      else setTimeout(() => worker.process.kill('SIGKILL'), NOTICE);
    }, CHURN);
    process.once('message', () => {
      clearInterval(timer);
      process.send({ calm: true });
    });
  });
  process.on('disconnect', () => process.exit());
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
  if (name) sampled(server, (sample) => process.send({ sample: { name, ...sample } }));
  process.on('message', () => {
    ending = true;
    server.close(() => process.exit(0));
  });
}
