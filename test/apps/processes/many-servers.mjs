// Starts `COUNT` servers, as workers of a cluster, threads or forks (`KIND`), and prints their ports: `all at 1 2 3`.
import { fork } from 'node:child_process';
import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const server = fileURLToPath(new URL('./one-server.mjs', import.meta.url));
const count = Number(process.env.COUNT ?? 3);

const starting = Array.from({ length: count }, () => {
  const child = { cluster: startWorker, thread: () => new Worker(server), fork: () => fork(server, ['forked']) }[
    process.env.KIND
  ]();
  return new Promise((resolve) => {
    if (process.env.KIND === 'cluster') child.on('listening', ({ port }) => resolve(port));
    else child.on('message', resolve);
  });
});
console.log(`all at ${(await Promise.all(starting)).join(' ')}`);

function startWorker() {
  cluster.setupPrimary({ exec: server, silent: true });
  return cluster.fork();
}
// A worker that exits is replaced, as in PM2 and most apps.
cluster.on('exit', () => cluster.fork());
