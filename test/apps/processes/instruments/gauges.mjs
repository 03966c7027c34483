// An app with its own instruments. `SHARE` is their value in this process.
import { createServer } from 'node:http';
import { metrics } from '@opentelemetry/api';

const share = Number(process.env.SHARE);
const meter = metrics.getMeter('app');
meter.createCounter('orders').add(share);
meter.createUpDownCounter('in_stock').add(share);
meter.createObservableGauge('queue').addCallback((result) => result.observe(share));
meter.createObservableGauge('lag').addCallback((result) => result.observe(share));
meter.createObservableGauge('version').addCallback((result) => result.observe(share));
createServer((_, response) => response.end()).listen(0, '127.0.0.1', () => console.log('listening 1'));
