// Calls setupApm with OPTIONS, and serves the metrics on one of its routes.
import { createServer } from 'node:http';
import { setupApm } from '../../../dist/index.js';

const options = { serviceName: 'shop', serviceVersion: '3.0.0', ...JSON.parse(process.env.OPTIONS ?? '{}') };
if (process.env.THROWING) {
  Object.defineProperty(options, process.env.THROWING, {
    enumerable: true,
    get() {
      throw new Error('unreadable option');
    },
  });
}
let apm = setupApm(options);

const early = apm.status();
const server = createServer(async (request, response) => {
  switch (request.url) {
    case '/metrics':
      return apm.handler(request, response);
    case '/unbound': {
      const { handler } = apm;
      return handler(request, response);
    }
    case '/ready':
      return response.end(String(await apm.ready));
    case '/early':
      return response.end(JSON.stringify(early));
    case '/status':
      return response.end(JSON.stringify(apm.status()));
    case '/text':
      return response.end(await apm.metrics());
    case '/same':
      return response.end(String(setupApm() === apm));
    case '/shutdown':
      await apm.shutdown();
      return response.end('shut down');
    case '/again':
      apm = setupApm({ serviceName: 'again' });
      return response.end('started again');
    default:
      return response.end('hello');
  }
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
