// An app without any code of this package, in CommonJS.
const { createServer } = require('node:http');

const server = createServer((request, response) => {
  response.statusCode = request.url === '/missing' ? 404 : 200;
  response.end('hello');
});
server.listen(0, () => console.log(`listening ${server.address().port}`));
