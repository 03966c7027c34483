// Answers one request, runs a thread, and ends with an exit code of its own.
const { createServer, get } = require('node:http');
const { Worker } = require('node:worker_threads');

const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1', () => {
  get({ port: server.address().port, host: '127.0.0.1', agent: false }, (response) => {
    response.on('data', (data) => console.log(String(data)));
    response.on('end', () => {
      const thread = new Worker("console.log('thread')", { eval: true });
      thread.on('exit', () => server.close(() => process.exit(3)));
    });
  });
});
