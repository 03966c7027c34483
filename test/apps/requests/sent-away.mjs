// A server that answers some requests itself, and sends the sockets of others to a child, which answers there.
import { fork } from 'node:child_process';
import { createServer } from 'node:http';

if (process.argv[2] === 'child') {
  process.on('message', (_, socket) => {
    socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nchild');
  });
} else {
  const child = fork(new URL(import.meta.url), ['child'], { execArgv: [] });
  const server = createServer((request, response) => {
    if (request.url === '/child') child.send('socket', request.socket);
    else response.end('hello');
  });
  server.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
}
