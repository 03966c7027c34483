// Answers a request only after a request to /go. Counts requests with a counter of the app, too.
import { createServer } from 'node:http';
import { metrics } from '@opentelemetry/api';

const waiting = [];
const server = createServer((request, response) => {
  metrics.getMeter('app').createCounter('app_requests').add(1);
  if (request.url !== '/go') return waiting.push(response);
  for (const each of waiting.splice(0)) each.end('at last');
  response.end('go');
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
