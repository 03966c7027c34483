// One server. A path such as /exit/3 makes it fail or exit, as apps do.
import { openSync } from 'node:fs';
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const [, fault, value] = request.url.split('/');
  // Answer first: the client then knows that the request was counted.
  response.end(`${process.pid} ${process.memoryUsage.rss()}`, () => setImmediate(() => FAULTS[fault]?.(Number(value))));
});

const descriptors = [];
const FAULTS = {
  block(milliseconds) {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  },
  exit: (code) => process.exit(code),
  throw() {
    throw new Error('an error of the app');
  },
  close() {
    server.close();
    server.closeAllConnections();
  },
  // Opens files until no descriptor is free, and closes them after `milliseconds`.
  async descriptors(milliseconds) {
    try {
      for (;;) descriptors.push(openSync('/dev/null'));
    } catch {
      const { closeSync } = await import('node:fs');
      setTimeout(() => {
        descriptors.splice(0).forEach(closeSync);
        console.log('descriptors closed');
      }, milliseconds);
    }
  },
};
if (process.env.DRAIN) process.on('SIGTERM', () => server.close());

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  console.log(`listening ${port}`);
});
