// One server of many that can be told, by a path, to fail or to end as apps do..
import { openSync } from 'node:fs';
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const [, what, value] = request.url.split('/');
  // Answered first: whoever asked knows that it was done.
  response.end(`${process.pid} ${process.memoryUsage.rss()}`, () => setImmediate(() => FAULTS[what]?.(Number(value))));
});

const taken = [];
const FAULTS = {
  block(milliseconds) {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  },
  exit: (code) => process.exit(code),
  throw() {
    throw new Error('as apps do');
  },
  close() {
    server.close();
    server.closeAllConnections();
  },
  // All descriptors there are; what is given back at `milliseconds` is closed with the process at the latest.
  async descriptors(milliseconds) {
    try {
      for (;;) taken.push(openSync('/dev/null'));
    } catch {
      const { closeSync } = await import('node:fs');
      setTimeout(() => {
        taken.splice(0).forEach(closeSync);
        console.log('given back');
      }, milliseconds);
    }
  },
};
if (process.env.DRAIN) process.on('SIGTERM', () => server.close());

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  console.log(`listening ${port}`);
});
