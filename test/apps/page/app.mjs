// The URL sets delay, status and call of an answer: /any/path?ms=20&status=404&call=http://127.0.0.1:1/. POST /delay?ms=5
// delays every later answer. GET /durations answers how long the requests of each path took, in seconds, by this app's own
// clock: what the figures of the page must be close to.
import { subscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

let delayMs = 0;
const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://app');
  const ms = Number(searchParams.get('ms') ?? 0);
  if (pathname === '/durations') return response.end(JSON.stringify(durations));
  if (request.method === 'POST' && pathname === '/delay') delayMs = ms;
  else await wait(ms + delayMs);
  if (searchParams.has('call')) await fetch(searchParams.get('call')).catch(() => {});
  response.statusCode = Number(searchParams.get('status') ?? 200);
  response.end('ok');
});

const arrivals = new WeakMap();
const durations = {};
subscribe('http.server.request.start', ({ request }) => arrivals.set(request, performance.now()));
subscribe('http.server.response.finish', ({ request, server: answering }) => {
  // The metrics server is another one.
  if (answering !== server) return;
  const { pathname } = new URL(request.url, 'http://app');
  durations[pathname] ??= [];
  durations[pathname].push((performance.now() - arrivals.get(request)) / 1000);
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`listening ${server.address().port}`));
