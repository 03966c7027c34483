// A cluster of three workers with one port. The last segment of a path is the status of its answer.
import cluster from 'node:cluster';
import { createServer } from 'node:http';

const WORKERS = 3;
if (cluster.isPrimary) {
  for (let i = 0; i < WORKERS; i++) cluster.fork();
  let started = 0;
  cluster.on('listening', (_, { port }) => {
    if (++started === WORKERS) console.log(`listening ${port}`);
  });
} else {
  createServer((request, response) => {
    response.writeHead(Number(request.url.split('/').at(-1)), { Connection: 'close' }).end();
  }).listen(0, '127.0.0.1');
}
