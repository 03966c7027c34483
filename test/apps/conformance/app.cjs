// The path sets the status, the delay and the size of the answer: /STATUS/MILLISECONDS/BYTES.
const { createServer } = require('node:http');

const server = createServer(async (request, response) => {
  const [, status, milliseconds, bytes] = request.url.split('/').map(Number);
  for await (const _ of request);
  setTimeout(() => {
    response.statusCode = status;
    response.end('x'.repeat(bytes));
  }, milliseconds);
});
server.listen(0, () => console.log(`listening ${server.address().port}`));
