// An Express server with routes, and a server without a router, whose paths are guessed. It prints the ports of both.
import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';

const app = express();
app.get('/exit', (_, response) =>
  response
    .on('close', () => process.exit(0))
    .set('Connection', 'close')
    .end(),
);
app.get(['/orders/:order', '/late/:name', '/reports'], (_, response) => response.end());
const plain = createServer((_, response) => response.writeHead(302, { Location: '/login' }).end());

const routed = app.listen(0, '127.0.0.1');
await once(routed, 'listening');
plain.listen(0, '127.0.0.1', () =>
  console.log(`listening ${routed.address().port}\nguessed at ${plain.address().port}`),
);
