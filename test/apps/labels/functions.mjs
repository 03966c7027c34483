// Sets labels in code, from what middleware leaves on the request. The functions do everything that a function must not.
import { createServer } from 'node:http';
import express from 'express';
import { setupApm } from '../../../dist/index.js';

process.on('unhandledRejection', () => process.exit(7));

const BAD = {
  throws: () => {
    throw new Error('no tenant');
  },
  throwsNothing: () => {
    throw undefined;
  },
  rejects: async () => {
    throw new Error('no tenant');
  },
  object: () => ({}),
  hostile: () =>
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    ),
  huge: () => 'x'.repeat(1_000_000),
  control: () => 'a\u0000b\nc"d\\\ud800',
  number: () => 42,
  empty: () => '',
};

const apm = setupApm({
  labels: {
    tenant: (request) => request.user?.tenant,
    bad: (request) => BAD[request.headers['x-bad']]?.(),
    region: 'env:REGION',
    path: () => 'taken',
  },
});

const app = express();
app.get('/metrics', apm.handler);
app.use((request, _response, next) => {
  request.user = { tenant: request.headers['x-tenant'] };
  next();
});
app.get('/end', (_request, response) => response.on('close', () => setImmediate(() => process.exit(0))).send('bye'));
app.get('/orders/:id', (_request, response) => response.send('ok'));
const server = createServer(app).listen(0, () => console.log(`listening ${server.address().port}`));
