// A server that starts another script of the same program, as `KIND` says, and prints the ports: `all at 1 2`.
import { fork } from 'node:child_process';
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const script = fileURLToPath(new URL('./one-server.mjs', import.meta.url));

function start() {
  if (process.env.KIND === 'thread') return new Worker(script);
  if (process.env.KIND === 'fork') return fork(script, ['forked']);
  cluster.setupPrimary({ exec: script });
  return cluster.fork();
}

const server = createServer((_, response) => response.end());
server.listen(0, '127.0.0.1', () => {
  start().on('message', (port) => {
    if (Number.isInteger(port)) console.log(`all at ${server.address().port} ${port}`);
  });
});
