// prom-client with the usual counter and histogram, on Node's own channel, as a careful user would write it today. A
// wrapped handler or a framework's middleware costs the same or more.
import { subscribe } from 'node:diagnostics_channel';
import { Counter, Histogram, register } from 'prom-client';
import { BOUNDS } from './bounds.mjs';
import { serveMetrics } from './serve-metrics.mjs';

const total = new Counter({
  name: 'http_requests_total',
  help: 'Finished requests.',
  labelNames: ['path', 'method', 'status_code'],
});
const duration = new Histogram({
  name: 'http_duration',
  help: 'Seconds from arrival to the end of the response.',
  labelNames: ['path', 'method'],
  buckets: BOUNDS,
});

/** The cheapest possible template; in a real app the router provides it. */
const template = (url) => url.split('?', 1)[0].replace(/\/\d+/g, '/:id');

subscribe('http.server.request.start', ({ request, response }) => {
  const path = template(request.url);
  // Scrapes are not requests of the app.
  if (path === '/metrics') return;
  const start = performance.now();
  response.on('close', () => {
    const { method } = request;
    total.inc({ path, method, status_code: response.statusCode });
    duration.observe({ path, method }, (performance.now() - start) / 1000);
  });
});

serveMetrics(async (_, response) => {
  response.setHeader('content-type', register.contentType);
  response.end(await register.metrics());
});
