// A node:http service that knows nothing of being measured. `POST /end` ends it: it closes its server and has no more to do.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://plain');
  if (pathname === '/end') {
    response.setHeader('Connection', 'close');
    response.on('close', () => server.close());
  }
  response.statusCode = pathname.startsWith('/missing') ? 404 : 200;
  response.end(`hello ${pathname}`);
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`listening ${server.address().port}`));
