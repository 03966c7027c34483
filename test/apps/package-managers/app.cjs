// `/end` closes the server, so that the process exits by itself.
const { createServer } = require('node:http');

const server = createServer((request, response) => {
  if (request.url === '/end') response.on('close', () => server.close()).setHeader('Connection', 'close');
  response.end('hello');
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
