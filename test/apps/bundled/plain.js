// As app.js, without a framework.
import { createServer } from 'node:http';
import { setupApm } from '@org/apm';

const apm = setupApm();
const server = createServer(async (_request, response) =>
  response.end((await apm.metrics()) || apm.status().service.name),
);
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
