// Two processes that answer at random: with code, waits, calls one after another and at once, calls that nobody waits for,
// answers that are never sent, and streams of events.
import cluster from 'node:cluster';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const random = (max) => Math.floor(Math.random() * max);

function work(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

function serve() {
  const backend = http.createServer((_, response) => void setTimeout(() => response.end('called'), random(4)));
  backend.listen(0, '0.0.0.0', () => {
    const { port } = backend.address();
    const host = () => `127.0.0.${1 + random(3)}`;
    const callers = [
      () =>
        new Promise((resolve) => {
          http.get({ host: host(), port }, (response) => response.resume().on('end', resolve)).on('error', resolve);
        }),
      async () => (await fetch(`http://${host()}:${port}/`)).text(),
    ];
    const call = () => callers[random(2)]();
    const steps = [
      () => work(Math.random()),
      () => sleep(random(3)),
      call,
      () => Promise.all(Array.from({ length: random(5) }, call)),
      () => void call(),
    ];
    const server = http.createServer(async (request, response) => {
      for (let i = random(5); i > 0; i--) await steps[random(steps.length)]();
      if (request.url.startsWith('/events')) {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
        await sleep(random(5));
        response.end();
      } else if (random(200) === 0) response.destroy();
      else response.writeHead(random(10) === 0 ? 500 : 200).end('answered');
    });
    server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send('listening'));
  });
}

if (cluster.isPrimary) {
  let waiting = 2;
  for (let i = 0; i < 2; i++) {
    cluster.fork().on('message', (message) => {
      if (message === 'listening' && --waiting === 0) console.log(`listening ${process.env.PORT}`);
    });
  }
} else serve();
