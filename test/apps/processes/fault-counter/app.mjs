// A server whose own instruments are given what is no count, as apps that divide by zero do.

import { createServer } from 'node:http';
import { metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('fault');
const jobs = meter.createCounter('jobs');
const sizes = meter.createHistogram('sizes', { advice: { explicitBucketBoundaries: [1] } });
const observed = meter.createObservableCounter('seen');
observed.addCallback((result) => result.observe(-5));
createServer((request, response) => {
  if (request.url === '/bad') {
    jobs.add(Number.NaN, { kind: 'bad' });
    jobs.add(Number.POSITIVE_INFINITY, { kind: 'endless' });
    sizes.record(Number.POSITIVE_INFINITY);
  } else jobs.add(1, { kind: 'good' });
  response.end();
}).listen(0, '127.0.0.1', function () {
  console.log(`listening ${this.address().port}`);
});
