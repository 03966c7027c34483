// Ours, in a service whose durations are as spread as those of a real one: around 20 ms, one in a hundred above 130 ms. The
// clock jumps when a request has arrived, so that no one has to wait.
import { channel } from 'node:diagnostics_channel';
import { performance } from 'node:perf_hooks';

const MEDIAN_MS = 20;
const SIGMA = 0.8;

const now = performance.now.bind(performance);
let jumpedMs = 0;
performance.now = () => now() + jumpedMs;
await import('../../dist/register.js');

const randomNormal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
channel('http.server.request.start').subscribe(({ request }) => {
  // A jump during a scrape would look like a stall.
  if (request.url !== '/metrics') jumpedMs += MEDIAN_MS * Math.exp(SIGMA * randomNormal());
});
