// Two processes with one port. Each answers `/orders` with what Redis has, and `/pages` with what the other route answers.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const PROCESSES = 2;

if (cluster.isPrimary) {
  for (let i = 0; i < PROCESSES; i++) cluster.fork();
  let started = 0;
  cluster.on('listening', (_, { port }) => {
    if (++started === PROCESSES) console.log(`listening ${port}`);
  });
} else {
  const [folder, port] = process.argv.slice(2);
  const { Redis } = createRequire(`${folder}/package.json`)('ioredis');
  const redis = new Redis({ host: '127.0.0.1', port: Number(port) });
  // What it asks of the server when it connects is not counted, because this process does not listen yet.
  await redis.ping();
  const ROUTES = {
    async '/orders'() {
      await Promise.all([redis.set('key', 'secret'), redis.get('key')]);
      await redis.lpush('key', 'secret').catch(() => {});
    },
    async '/pages'() {
      await (await fetch(`http://127.0.0.1:${server.address().port}/orders`)).text();
    },
  };
  const server = createServer(async (request, response) => {
    await ROUTES[request.url]();
    response.end(String(process.pid));
  });
  server.listen(0, '127.0.0.1');
}
