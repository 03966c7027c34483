// Creates instruments before any server, as apps do at the top of a module.
import { createServer } from 'node:http';
import { metrics } from '@opentelemetry/api';

const orders = metrics.getMeter('shop', '1.0').createCounter('orders', { description: 'Orders placed.' });
const sizes = metrics
  .getMeter('shop', '1.0')
  .createHistogram('order.size', { advice: { explicitBucketBoundaries: [1, 10] } });
const stock = metrics.getMeter('shop', '1.0').createObservableGauge('stock', { description: 'Items left.' });
stock.addCallback((result) => result.observe(7, { item: 'book' }));
// A callback that throws must not affect the other instruments.
metrics
  .getMeter('shop', '1.0')
  .createObservableGauge('broken')
  .addCallback(() => {
    throw new Error('no value');
  });
// Another meter has a counter of the same name, and so has a newer version of the first meter.
const again = metrics.getMeter('returns').createCounter('orders', { description: 'Orders sent back.' });
const newer = metrics.getMeter('shop', '2.0').createCounter('orders', { description: 'Orders placed.' });

const server = createServer((_request, response) => {
  orders.add(2, { kind: 'book' });
  // Ignored by the SDK, with a warning for each value.
  orders.add(-Math.random());
  sizes.record(5);
  again.add(1, { kind: 'book' });
  newer.add(3, { kind: 'book' });
  response.end('hello');
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
