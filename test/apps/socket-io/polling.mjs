// A server with socket.io: polling.mjs FRAMEWORK PACKAGE. It sends a message half a second after a client has connected.
import { createServer } from 'node:http';
import express from 'express';
import fastify from 'fastify';

const [, , framework, name] = process.argv;
const { default: socketIo, Server = socketIo } = await import(name);
const servers = {
  http: () => createServer((_, response) => response.end('hello')),
  express: () => createServer(express().get('/hello/:name', (_, response) => response.send('hello'))),
  fastify: async () => {
    const app = fastify();
    app.get('/hello/:name', () => 'hello');
    await app.ready();
    return app.server;
  },
};
const server = await servers[framework]();
new Server(server).on('connection', (socket) => {
  setTimeout(() => socket.emit('news', 'one'), 500);
  socket.on('answer', (text) => socket.emit('news', text));
});
server.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
