// Answers at once, except paths that begin with /hang: their clients disconnect. Any message is answered with the RSS.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const path = request.url;
  if (path.startsWith('/hang')) return;
  response.statusCode = path.startsWith('/missing') ? 404 : path.startsWith('/failing') ? 500 : 200;
  response.end('ok');
});
process.on('message', () => {
  for (let i = 0; i < 4; i++) globalThis.gc();
  process.send(process.memoryUsage.rss());
});
server.listen(0, () => console.log(`listening ${server.address().port}`));
