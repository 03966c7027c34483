// Answers over HTTP/1 and HTTP/2, except /hang. /call and /fetch call the app itself; after /end it exits with code 3.
import { createServer, get } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';

const http2 = createHttp2Server((_, response) => response.end('hello'));
const server = createServer((request, response) => {
  if (request.url === '/hang') return console.log('request to /hang arrived');
  if (request.url === '/http2') return response.end(String(http2.address().port));
  if (request.url === '/call')
    return get(`http://localhost:${server.address().port}/`, (answer) => answer.pipe(response));
  if (request.url === '/fetch') {
    return fetch(`http://localhost:${server.address().port}/`).then(async (answer) =>
      response.end(await answer.text()),
    );
  }
  response.end('hello');
  if (request.url === '/end') response.once('close', () => process.exit(3));
});
http2.listen(0, () => server.listen(0, () => console.log(`listening ${server.address().port}`)));
