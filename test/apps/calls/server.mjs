// A server for calls: its paths answer in every way. Times are in milliseconds.
import { createServer } from 'node:http';

/** The longest wait of an answer: calls that should include it take at least this long. */
export const SLOW_MS = 60;

const later = (run) => setTimeout(run, SLOW_MS);

const ANSWERS = {
  '/': (_, response) => response.end('answered'),
  '/204': (_, response) => response.writeHead(204).end(),
  '/304': (_, response) => response.writeHead(304).end(),
  '/404': (_, response) => response.writeHead(404).end('no'),
  '/redirect': (_, response) => response.writeHead(302, { location: '/' }).end(),
  '/redirect-twice': (_, response) => response.writeHead(307, { location: '/redirect' }).end(),
  '/slow': (_, response) => later(() => response.end('late')),
  '/slow-body': (_, response) => {
    response.write('a');
    later(() => response.end('b'));
  },
  '/large': (_, response) => response.end(Buffer.alloc(1024 * 1024)),
  '/closes': (_, response) => response.writeHead(200, { connection: 'close' }).end('answered'),
  '/cut': (request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('a');
    later(() => request.socket.destroy());
  },
  '/reset': (request) => later(() => request.socket.resetAndDestroy()),
  '/never': () => {},
  '/hints': (_, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    response.end('answered');
  },
  '/flaky': (_, response) => response.writeHead(flaky++ % 2 === 0 ? 503 : 200).end(),
  '/not-http': (request) => request.socket.end('this is no HTTP\r\n\r\n'),
  '/upload': (request, response) => request.resume().on('end', () => response.end('received')),
};
let flaky = 0;

const switched = (protocol) => `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n`;

/** @returns its port */
export async function startServer(host = 'localhost') {
  const server = createServer((request, response) => ANSWERS[request.url]?.(request, response) ?? undefined);
  server.on('upgrade', async (request, socket) => {
    socket.on('error', () => {});
    const { createHash } = await import('node:crypto');
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    if (request.url === '/404') socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    else socket.write(`${switched(request.headers.upgrade)}Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
  });
  server.on('connect', (_, socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  });
  await new Promise((resolve) => server.listen(0, host, resolve));
  server.unref();
  return server.address().port;
}
