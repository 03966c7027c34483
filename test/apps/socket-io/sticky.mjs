// socket.io's sticky sessions: the primary accepts connections and passes them to the workers. sticky.mjs PACKAGE
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const { default: sticky } = await import(process.argv[2]);
if (cluster.isPrimary) {
  const server = createServer();
  sticky.setupMaster(server, { loadBalancingMethod: 'round-robin' });
  cluster.setupPrimary({ serialization: 'advanced' });
  const workers = [cluster.fork(), cluster.fork()];
  let ready = 0;
  for (const worker of workers) {
    worker.on('message', (message) => {
      if (message !== 'ready' || ++ready < workers.length) return;
      server.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
    });
  }
} else {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end(String(process.pid)));
  });
  sticky.setupWorker(new Server(server));
  process.send('ready');
}
