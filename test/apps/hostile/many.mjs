// Answers any path, says how much memory it holds when it is asked to, and stands still for so many milliseconds: /block/2000.
import { writeSync } from 'node:fs';
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const [, blocked] = /^\/block\/(\d+)$/.exec(request.url) ?? [];
  if (blocked) {
    // Not by console.log, which is not done before the standstill on every system.
    writeSync(1, 'stands still\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(blocked));
  }
  response.end('ok');
});
process.on('message', () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.send(heapUsed + external);
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
