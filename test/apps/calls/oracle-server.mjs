// Answers as the query says: `wait` in milliseconds, `status`, and `how`. Plain, over TLS, and on an IPv6 address.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';

const HOW = {
  answer: (_, response, status) => response.writeHead(status).end(status === 204 ? undefined : 'answered'),
  reset: (request) => request.socket.destroy(),
  cut: (request) => request.socket.destroy(),
};

function listener(request, response) {
  const query = new URL(request.url, 'http://oracle').searchParams;
  const how = query.get('how');
  if (how === 'cut' || how === 'never ends') response.writeHead(200, { 'content-length': 100 }).write('a');
  if (how.startsWith('never')) return;
  request.resume();
  setTimeout(() => HOW[how](request, response, Number(query.get('status'))), Number(query.get('wait')));
}

const pem = (name) => readFileSync(new URL(`../../expose/tls/${name}.pem`, import.meta.url));
const servers = [
  [createServer(listener), '127.0.0.1'],
  [createServer(listener), '::1'],
  [createSecureServer({ key: pem('key'), cert: pem('cert') }, listener), '127.0.0.1'],
];
for (const [server, host] of servers) {
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.listen(0, host, resolve));
}
const [plain, six, secure] = servers.map(([server]) => server.address().port);
console.log(
  `listening ${JSON.stringify([`http://127.0.0.1:${plain}`, `http://[::1]:${six}`, `https://127.0.0.1:${secure}`])}`,
);
