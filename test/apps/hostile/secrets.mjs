// Reads request bodies. `/call` calls the URL CALL with HEADER in its headers. The app itself logs nothing.
import { createServer, get } from 'node:http';

const { CALL, HEADER } = process.env;
const headers = { authorization: HEADER, 'x-api-key': HEADER };
const withoutUser = (url) => Object.assign(new URL(url), { username: '', password: '' });

const server = createServer(async (request, response) => {
  for await (const _ of request);
  const { pathname } = new URL(request.url, 'http://app');
  if (pathname === '/call' && CALL) {
    await fetch(withoutUser(CALL), { headers }).then((answer) => answer.text());
    await new Promise((done) => get(CALL, { headers }, (answer) => answer.resume().on('end', done)));
  }
  response.statusCode = pathname === '/missing' ? 404 : pathname === '/broken' ? 500 : 200;
  response.end();
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
