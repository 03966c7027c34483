// One server. It prints its port, and sends it to the parent process. `/exit` exits at once, as apps often do.
import { createServer } from 'node:http';
import { isMainThread, parentPort } from 'node:worker_threads';

const server = createServer((request, response) => {
  response.setHeader('Connection', 'close');
  if (request.url === '/exit') response.on('close', () => process.exit(0));
  if (request.url === '/close') response.on('close', () => server.close());
  response.end(isMainThread ? String(process.pid) : 'a thread');
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const { port } = server.address();
  if (!isMainThread) parentPort.postMessage(port);
  else if (process.send) process.send(port);
  console.log(`listening ${port}`);
});
// A fork exits with its parent process.
if (process.argv[2] === 'forked') process.on('disconnect', () => process.exit());
