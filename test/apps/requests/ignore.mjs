// Serves HTTP/1, and HTTP/2 by both of its APIs. `setupApm` gets the function IGNORE of this file, without a preload or
// after it. `/now` ends when `/release` is asked for.
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { setupApm } from '../../../dist/index.js';

const isProbe = ({ method, url, headers }) => method === 'GET' && url.startsWith('/') && 'x-probe' in headers;
const seen = [];
const FUNCTIONS = {
  probes: isProbe,
  everything: () => true,
  throws() {
    throw new Error('on purpose');
  },
  async rejects() {
    throw new Error('never handled');
  },
  text: () => 'yes',
  records(request) {
    seen.push([request.constructor.name, request.method, request.url, request.headers['x-probe']]);
    return isProbe(request);
  },
  text_instead: 'x-probe',
};

const options = process.env.IGNORE ? { ignore: FUNCTIONS[process.env.IGNORE], exporters: ['prometheus'] } : undefined;
if (options) setupApm(process.env.MORE ? { ...options, maxPaths: 3 } : options);
if (process.env.SECOND) setupApm({ ignore: FUNCTIONS[process.env.SECOND] });

const held = [];
function answer({ url }, response) {
  if (url === '/seen') response.end(JSON.stringify(seen));
  else if (url === '/held') held.push(response);
  else if (url === '/release') {
    for (const each of held) each.end('released');
    response.end('done');
  } else response.end('hello');
}
const http1 = createServer(answer);
const compat = createHttp2Server(answer);
const streams = createHttp2Server().on('stream', (stream) => {
  stream.respond({ ':status': 200 });
  stream.end('hello');
});
const ports = [];
for (const server of [http1, compat, streams]) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  ports.push(server.address().port);
}
console.log(`http2 ${ports[1]} ${ports[2]}`);
console.log(`listening ${ports[0]}`);
