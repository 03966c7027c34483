// Next behind a route of Express's that takes all that is left.
import express from 'express';
import next from 'next';

const app = next({ dev: false });
const handle = app.getRequestHandler();
await app.prepare();

const everything = 'lazyrouter' in express.application ? '/*' : '/{*any}';

const server = express()
  .get('/own/:id', (_request, response) => response.send('ok'))
  .all(everything, (request, response) => handle(request, response))
  .listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
