// HTTP servers that never listen: other code accepts the connections and passes them on. passed.mjs WAY
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer as createNet } from 'node:net';
import { Duplex } from 'node:stream';
import { createServer as createTls } from 'node:tls';

const pem = (name) => readFileSync(new URL(`localhost-${name}.pem`, import.meta.url));
const http = createServer((request, response) => {
  if (request.url !== '/hang') response.end('hello');
});

/** Not a socket: it never emits `close`. */
function wrap(socket) {
  const stream = new Duplex({
    emitClose: false,
    read: () => {},
    write: (chunk, _, done) => socket.write(chunk, done),
    final: (done) => socket.end(done),
  });
  socket.on('data', (chunk) => stream.push(chunk)).on('close', () => stream.destroy());
  return Object.assign(stream, {
    setTimeout() {},
    setKeepAlive() {},
    setNoDelay() {},
    destroySoon: () => stream.end(),
  });
}

const servers = {
  net: () => createNet((socket) => http.emit('connection', socket)),
  // One port for several protocols: reads the first bytes, and puts them back.
  sniffed: () =>
    createNet((socket) =>
      socket.once('data', (chunk) => {
        socket.pause();
        socket.unshift(chunk);
        http.emit('connection', socket);
        process.nextTick(() => socket.resume());
      }),
    ),
  tls: () => createTls({ key: pem('key'), cert: pem('cert') }, (socket) => http.emit('connection', socket)),
  stream: () => createNet((socket) => http.emit('connection', wrap(socket))),
  http2: () => {
    const http2 = createHttp2((_, response) => response.end('hello'));
    return createNet((socket) => http2.emit('connection', socket));
  },
};
const server = servers[process.argv[2]]();
server.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
