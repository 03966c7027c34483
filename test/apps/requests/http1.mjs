// Answers in every way a handler can, and fails in some: the path says how.
import { createServer } from 'node:http';

const answers = {
  '/ok': (_, response) => response.end('ok'),
  '/empty': (_, response) => response.writeHead(204).end(),
  '/unchanged': (_, response) => response.writeHead(304).end(),
  '/unread': (_, response) => response.writeHead(413).end('too long'),
  '/twice': (_, response) => response.end('one').end('two'),
  '/early': (_, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
    response.writeProcessing();
    response.writeHead(201).end('late');
  },
  '/never': () => {},
  '/half': (_, response) => response.writeHead(200, { 'content-length': '100' }).write('half'),
  '/destroyed': (_, response) => response.destroy(),
  '/cut': (request) => request.socket.destroy(),
  '/reset': (request) => request.socket.resetAndDestroy(),
  '/thrown': () => {
    throw new Error('thrown by the handler');
  },
  '/events': (_, response) => {
    response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    response.write('data: 1\n\n');
    response.end();
  },
  '/events-by-head': (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.end('data: 1\n\n');
  },
  '/body': async (request, response) => {
    try {
      for await (const _ of request);
      response.end('read');
    } catch {
      // The client broke off, or Node gave up on it; there is nobody to answer.
    }
  },
};

process.on('uncaughtException', () => {});
const server = createServer({ requestTimeout: 700, headersTimeout: 700, connectionsCheckingInterval: 50 });
server.on('request', (request, response) => {
  const answer = answers[request.url.split('?')[0]];
  if (answer) answer(request, response);
  else response.writeHead(404).end();
});
if (process.env.UPGRADES) server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
server.listen(0, () => console.log(`listening ${server.address().port}`));
