// The scrape endpoint of the peers, on any free port. It prints the same line as ours, because the bench reads the URL
// from it.
import { createServer } from 'node:http';

export function serveMetrics(handler) {
  const server = createServer(handler).unref();
  server.listen(0, '127.0.0.1', () => {
    process.stderr.write(`metrics at http://127.0.0.1:${server.address().port}/metrics\n`);
  });
}
