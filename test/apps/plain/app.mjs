// A node:http service without any code of this package. `/end` closes the server, so that the process exits by itself.
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
