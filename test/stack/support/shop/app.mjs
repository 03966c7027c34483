// An Express app with every kind of answer, outgoing calls, and every kind of instrument.
import { metrics } from '@opentelemetry/api';
import express from 'express';

const meter = metrics.getMeter('shop');
const orders = meter.createCounter('orders_total', { description: 'Orders placed.' });
const sizes = meter.createHistogram('order.size', { unit: 'By', advice: { explicitBucketBoundaries: [1, 2.5, 10] } });
const waiting = meter.createUpDownCounter('orders.waiting');
meter.createObservableGauge('stock', { unit: '1' }).addCallback((result) => {
  result.observe(7, { item: 'tea' });
  result.observe(-0.25, { item: 'a "b" \\ ä' });
});
// OpenTelemetry's names of counters have no `_total`.
const parcels = meter.createCounter('parcels');

const app = express();
app.get('/users/:id', (request, response) => response.status(request.params.id === '0' ? 404 : 200).send('user'));
app.post('/orders', (_request, response) => {
  orders.add(1, { kind: 'tea' });
  orders.add(0.5, { kind: 'cocoa' });
  sizes.record(2);
  waiting.add(1);
  parcels.add(2);
  response.status(201).end();
});
app.get('/broken', () => {
  throw new Error('a bug');
});
app.get('/never', () => {});
app.get('/events', (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('data: 1\n\n');
});
app.get('/call', async (request, response) => {
  try {
    const { status } = await fetch(request.query.url);
    response.end(String(status));
  } catch (error) {
    response.end(error.cause.code);
  }
});
// Without this handler, Express would print the error to the stderr that the test compares.
app.use((_error, _request, response, _next) => response.status(500).end());
const server = app.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
