// `WORKERS` workers of a cluster, or one process. `/spend/:id?SECONDS` takes exactly this time, by the clock of clock.mjs.
// `/missing` does so too, with status 404. An app of awkward names and values records them at `/awkward`.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { metrics } from '@opentelemetry/api';

const workers = Number(process.env.WORKERS ?? 0);
if (cluster.isPrimary && workers > 0) {
  const listening = Array.from({ length: workers }, () => {
    const worker = cluster.fork();
    return new Promise((resolve) => worker.on('listening', ({ port }) => resolve(port)));
  });
  console.log(`listening ${(await Promise.all(listening))[0]}`);
} else serve();

function serve() {
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url, 'http://native');
    globalThis.spend(Number(search.slice(1)));
    if (pathname === '/awkward') recordAwkward();
    response.statusCode = pathname.startsWith('/missing') ? 404 : 200;
    response.end(`hello ${process.pid}`);
  });
  const print = () => cluster.isPrimary && console.log(`listening ${server.address().port}`);
  server.listen(0, '127.0.0.1', print);
}

function recordAwkward() {
  const meter = metrics.getMeter('awkward "scope"', '1.0\n2');
  const labels = {
    'two words': 'a "b" \\ c\nd',
    emoji: '🐢 d’accord',
    empty: '',
    '1st': '\ud800',
    le: '5',
    list: ['a', 1],
  };
  meter.createCounter('awkward.count', { description: 'a "b" \\ c\nd 🐢' }).add(1.5, labels);
  for (const [name, value] of Object.entries({ plus: Infinity, minus: -Infinity, none: Number.NaN, tiny: 5e-324 })) {
    meter.createGauge('awkward.gauge').record(value, { ...labels, name });
  }
  meter.createUpDownCounter('awkward.updown').add(-2);
  const advice = { explicitBucketBoundaries: [-1, 0, 0.1, 1e21] };
  const sizes = meter.createHistogram('awkward.sizes', { advice });
  for (const value of [0, 0.1, 1e6]) sizes.record(value, labels);
  // Two names that become one, and one that has another type there.
  metrics.getMeter('other').createCounter('awkward_count').add(2, labels);
  metrics.getMeter('yet another').createGauge('awkward_count_total').record(3);
}
