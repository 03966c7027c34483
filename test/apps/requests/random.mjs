// Each path is a correct or faulty handler. Any message is answered with the paths, the open connections, and the number
// of requests that Node has published.
import { subscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';

const later = (run) => setTimeout(run, Math.random() * 20);

const handlers = {
  ok: (_, response) => response.end('ok'),
  big: (_, response) => response.end(Buffer.alloc(300_000)),
  late: (_, response) => later(() => response.end('late')),
  hang: () => {},
  begun: (_, response) => response.writeHead(202).write('some'),
  unsent: (_, response) => response.writeHead(203),
  read: (request, response) => request.resume().on('end', () => response.writeHead(201).end()),
  none: (_, response) => response.writeHead(204).end(),
  last: (_, response) => response.setHeader('Connection', 'close').end('last'),
  informed: (_, response) => {
    response.writeEarlyHints({ link: '</a>' });
    response.writeProcessing();
    response.end('answer');
  },
  events: (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    later(() => response.end());
  },
  twice: (_, response) => {
    response.end('first');
    response.end('second');
    response.statusCode = 500;
  },
  deaf: (_, response) => {
    response.removeAllListeners('close');
    later(() => response.end('ok'));
  },
  destroyed: (_, response) => response.destroy(),
  'socket-destroyed': (request) => request.socket.destroy(),
  'socket-ended': (request, response) => {
    request.socket.end();
    later(() => response.end('unsent'));
  },
  'request-destroyed': (request) => request.destroy(new Error('oops')),
  detached: (request, response) => {
    const { socket } = request;
    if (socket._httpMessage !== response) return response.end();
    response.detachSocket(socket);
    later(() => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  },
  throws: () => {
    throw new Error('oops');
  },
  'throws-late': (_, response) => {
    response.writeHead(200).write('some');
    throw new Error('oops');
  },
  timeout: (_, response) => response.setTimeout(15),
};

let published = 0;
const limits = { requestTimeout: 300, headersTimeout: 250, connectionsCheckingInterval: 50, keepAliveTimeout: 200 };
const server = createServer(limits, (request, response) => {
  request.on('error', () => {});
  response.on('error', () => {});
  (handlers[request.url.slice(1)] ?? handlers.ok)(request, response);
});
server.setTimeout(1000).on('upgrade', (_, socket) => socket.destroy());
subscribe('http.server.request.start', (message) => {
  if (message.server === server) published++;
});
process.on('uncaughtException', () => {});
process.on('message', () =>
  server.getConnections((_, open) => process.send({ paths: Object.keys(handlers), open, published })),
);
server.listen(0, () => console.log(`listening ${server.address().port}`));
