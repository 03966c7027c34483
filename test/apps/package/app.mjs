// An app without any code of this package, as an ES module.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  response.statusCode = request.url === '/missing' ? 404 : 200;
  response.end('hello');
});
server.listen(0, () => console.log(`listening ${server.address().port}`));
