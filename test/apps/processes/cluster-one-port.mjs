// A cluster with one port. Its workers answer scrapes, with APM_METRICS_ON_APP or with HANDLER by `handler` of setupApm.
import cluster from 'node:cluster';
import { createServer } from 'node:http';

if (cluster.isPrimary) {
  const count = Number(process.env.COUNT ?? 3);
  for (let i = 0; i < count; i++) cluster.fork();
  let started = 0;
  cluster.on('listening', (_, { port }) => {
    if (++started === count) console.log(`listening ${port}`);
  });
} else {
  const apm = process.env.HANDLER ? (await import('../../../dist/index.js')).setupApm() : undefined;
  const server = createServer((request, response) => {
    response.setHeader('Connection', 'close');
    if (request.url === '/metrics') return apm.handler(request, response);
    response.end(String(process.pid));
  });
  server.listen(0, '127.0.0.1');
}
