// Calls apm.handler as no framework does that it knows, and as an adapter of the web's Request and Response does.
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { setupApm } from '../../../dist/index.js';

const apm = setupApm({ serviceName: 'shop' });

/** What each route does; a text is answered, an error with 500. */
const ROUTES = {
  '/ignored': () => {
    apm.handler({ url: '/ignored', headers: {} });
    return 'ignored';
  },
  '/awaited': () => apm.handler({}),
  '/nothing': () => apm.handler(),
  '/number': () => apm.handler(7, null),
  '/next': () => new Promise((_, reject) => apm.handler({}, {}, reject)),
  '/getter': () =>
    apm.handler({
      get res() {
        throw new Error('unreadable');
      },
    }),
  '/sent': (request, response) => {
    response.writeHead(200).end('sent before');
    return apm.handler(request, response);
  },
  '/without-server': async () => (await apm.handler(new Request('http://localhost/metrics'))).text(),
  '/web': async (request, response) => {
    const { url, method, headers } = request;
    const answer = await apm.handler(new Request(new URL(url, 'http://localhost'), { method, headers }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body === null) response.end();
    else Readable.fromWeb(answer.body).pipe(response);
  },
};

const server = createServer(async (request, response) => {
  const path = request.url.split('?')[0];
  try {
    const text = await (ROUTES[path] ?? (() => 'hello'))(request, response);
    if (text !== undefined) response.end(text);
  } catch (error) {
    response.writeHead(500).end(error.message);
  }
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
