// A shop that is measured with prom-client, as its documentation shows, on the port that @org/apm would have.
import { createServer } from 'node:http';
import { Counter, Histogram, register } from 'prom-client';
import { BOUNDS } from '../../../bench/variants/bounds.mjs';

const requests = new Counter({
  name: 'http_requests_total',
  help: 'Requests.',
  labelNames: ['path', 'method', 'status_code'],
});
const duration = new Histogram({
  name: 'http_duration',
  help: 'Seconds.',
  labelNames: ['path', 'method'],
  buckets: BOUNDS,
});

const { SHOP_PORT = '0', OTEL_EXPORTER_PROMETHEUS_PORT = '0' } = process.env;
const shop = createServer((request, response) => {
  const { url: path, method } = request;
  const end = duration.startTimer({ path, method });
  response.on('close', () => {
    end();
    requests.inc({ path, method, status_code: response.statusCode });
  });
  response.end('sold');
});
const metrics = createServer(async (_, response) => {
  response.setHeader('Content-Type', register.contentType);
  response.end(await register.metrics());
});
metrics.listen(Number(OTEL_EXPORTER_PROMETHEUS_PORT), 'localhost', () => {
  console.log(`metrics at http://localhost:${metrics.address().port}/metrics`);
  shop.listen(Number(SHOP_PORT), '127.0.0.1', () => console.log(`listening ${shop.address().port}`));
});
