// A server of the app's own around Next.
import { createServer } from 'node:http';
import next from 'next';

const app = next({ dev: false });
const handle = app.getRequestHandler();
await app.prepare();

const server = createServer((request, response) => {
  if (request.url === '/own') return response.end('ok');
  if (request.url.startsWith('/rendered/')) return app.render(request, response, '/legacy/[id]', { id: 'rendered' });
  return handle(request, response);
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
