// An app that calls `shutdown` of setupApm on SIGTERM, and exits after it.
import { createServer } from 'node:http';
import { setupApm } from '../../../dist/index.js';

const apm = setupApm({ exporters: ['prometheus'] });
const server = createServer((_, response) => response.end());
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
process.on('SIGTERM', async () => {
  server.close();
  server.closeAllConnections();
  await apm.shutdown();
  process.exit(3);
});
