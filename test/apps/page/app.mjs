// The URL sets delay, status and call of an answer: /any/path?ms=20&status=404&call=http://127.0.0.1:1/. POST /delay?ms=5
// delays every later answer.
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

let delayMs = 0;
const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://app');
  const ms = Number(searchParams.get('ms') ?? 0);
  if (request.method === 'POST' && pathname === '/delay') delayMs = ms;
  else await wait(ms + delayMs);
  if (searchParams.has('call')) await fetch(searchParams.get('call')).catch(() => {});
  response.statusCode = Number(searchParams.get('status') ?? 200);
  response.end('ok');
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`listening ${server.address().port}`));
