// `/bad` records NaN and Infinity with the instruments of the app, as apps that divide by zero do.
import { createServer } from 'node:http';
import { metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('fault');
const jobs = meter.createCounter('jobs');
const sizes = meter.createHistogram('sizes', { advice: { explicitBucketBoundaries: [1] } });
const seen = meter.createObservableCounter('seen');
seen.addCallback((result) => result.observe(-5));
createServer((request, response) => {
  if (request.url === '/bad') {
    jobs.add(Number.NaN, { kind: 'bad' });
    jobs.add(Number.POSITIVE_INFINITY, { kind: 'infinite' });
    sizes.record(Number.POSITIVE_INFINITY);
  } else jobs.add(1, { kind: 'good' });
  response.end();
}).listen(0, '127.0.0.1', function () {
  console.log(`listening ${this.address().port}`);
});
