// Answers as its URL says: /any/path?ms=20&status=404&call=http://127.0.0.1:1/. POST /pace?ms=5 adds that to every answer.
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

let pace = 0;
const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://app');
  const ms = Number(searchParams.get('ms') ?? 0);
  if (request.method === 'POST' && pathname === '/pace') pace = ms;
  else await wait(ms + pace);
  if (searchParams.has('call')) await fetch(searchParams.get('call')).catch(() => {});
  response.statusCode = Number(searchParams.get('status') ?? 200);
  response.end('ok');
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`listening ${server.address().port}`));
