// Uses every member of what `setupApm` returns.

import { createServer, get } from 'node:http';
import { setupApm } from '@org/apm';

const apm = setupApm({ port: 0 });
const again = setupApm();
const server = createServer(apm.handler).listen(0, '127.0.0.1', () => {
  get({ port: server.address().port, host: '127.0.0.1', agent: false }, async (response) => {
    response.resume();
    const { servers, node, service } = again.status();
    console.log(
      response.statusCode,
      await apm.metrics(),
      await apm.ready,
      servers,
      node === process.versions.node,
      service,
    );
    await apm.shutdown();
    server.close(() => process.exit(3));
  });
});
