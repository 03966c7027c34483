// `/invalid` adds invalid values and invalid or very long attributes to the counters of the app.
import { createServer } from 'node:http';
import { metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('app');
const bytes = meter.createCounter('bytes');
const visits = meter.createCounter('visits');
const notes = meter.createCounter('notes');
meter.createObservableCounter('debt').addCallback((result) => result.observe(-3));

const server = createServer((request, response) => {
  if (request.url === '/invalid') {
    bytes.add(Number(request.headers['x-missing']));
    visits.add(1, '/users');
    // The two hundred notes together are longer than a message between processes may be; the last note is so alone.
    for (let i = 0; i < 200; i++) notes.add(1, { note: `${i} ${'long '.repeat(5_000)}` });
    notes.add(1, { note: 'endless '.repeat(600_000) });
  }
  response.end();
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
