// Exits as its argument says, after it has answered `/end`, or on a signal.
import { createServer } from 'node:http';
import { metrics } from '@opentelemetry/api';

const how = process.argv[2];
const orders = metrics.getMeter('app').createCounter('orders');

const server = createServer((request, response) => {
  response.setHeader('Connection', 'close');
  if (request.url === '/end') response.on('close', () => setTimeout(end, 10));
  // In flight until the client ends its body.
  if (request.url === '/slow') return request.resume().on('end', () => response.end('late'));
  orders.add(1);
  response.end('hello');
});

function end() {
  if (how === 'exit') process.exit(3);
  if (how === 'empty') server.close();
  if (how === 'exit code') {
    process.exitCode = 5;
    server.close();
  }
  if (how === 'throw') throw new Error('uncaught');
  if (how === 'reject') Promise.reject(new Error('unhandled'));
  if (how === 'exit in exit') process.exit(1);
  if (how === 'throw in exit') process.exit(0);
}

if (how === 'exit in exit') process.on('exit', () => process.exit(7));
if (how === 'throw in exit') {
  process.on('exit', () => {
    throw new Error('thrown at the end');
  });
}
if (how === 'before exit') process.on('beforeExit', () => console.log('before exit'));
if (how === 'before exit') server.on('request', (request) => request.url === '/end' && server.close());
if (how === 'drain') process.on('SIGTERM', () => server.close());
if (how === 'exit on signal') for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(4));
process.on('exit', (code) => console.log(`exit ${code}`));
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
