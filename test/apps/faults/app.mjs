// Answers, and ends with exit code 3 once the preload has had a second to say what it has to say.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  response.end('hello');
  if (request.url === '/end') setTimeout(() => process.exit(3), 1000);
});
server.listen(0, () => console.log(`listening ${server.address().port}`));
