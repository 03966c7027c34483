// /block/2000 blocks the event loop for 2000 ms. Any message is answered with the used memory.
import { writeSync } from 'node:fs';
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const [, blockMs] = /^\/block\/(\d+)$/.exec(request.url) ?? [];
  if (blockMs) {
    // On some systems, console.log writes asynchronously, so its line would appear only after the block.
    writeSync(1, 'blocked\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(blockMs));
  }
  response.end('ok');
});
process.on('message', () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.send(heapUsed + external);
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
