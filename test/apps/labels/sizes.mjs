// Answers over HTTP/1 with and without TLS, and over HTTP/2: the path says what. Prints a port for each.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createSecureServer } from 'node:https';
import { gzipSync } from 'node:zlib';

const read = (name) => readFileSync(new URL(`../requests/localhost-${name}.pem`, import.meta.url));

function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://app');
  if (pathname === '/text') return response.end('x'.repeat(1_000));
  if (pathname === '/pieces') {
    // In two turns: what is written in one may be sent as one chunk.
    response.write('x'.repeat(500), () => setImmediate(() => response.end('y'.repeat(500))));
    return;
  }
  if (pathname === '/gzip') {
    response.setHeader('Content-Encoding', 'gzip');
    return response.end(gzipSync('x'.repeat(10_000)));
  }
  if (pathname === '/empty' || pathname === '/cached') {
    response.statusCode = pathname === '/empty' ? 204 : 304;
    return response.end();
  }
  if (pathname === '/cut') {
    response.writeHead(200, { 'Content-Length': 1_000_000 });
    return response.write('x'.repeat(2_000), () => setTimeout(() => response.destroy(), 50));
  }
  if (pathname === '/unread') return response.end('no');
  let received = 0;
  request.on('data', (piece) => {
    received += piece.length;
  });
  request.on('end', () => response.end(String(received)));
}

const servers = [
  createServer(answer),
  createSecureServer({ key: read('key'), cert: read('cert') }, answer),
  createHttp2Server(answer),
];
for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
console.log(`listening ${servers.map((server) => server.address().port).join(' ')}`);
