// One server of every kind in one process. `/close` closes all but the first.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pem = (name) => readFileSync(new URL(`../requests/localhost-${name}.pem`, import.meta.url));
const secure = { key: pem('key'), cert: pem('cert') };
const folder = mkdtempSync(join(tmpdir(), 'apm-'));
const socket = join(folder, 'app.sock');

const others = [https.createServer(secure), http2.createServer(), http2.createSecureServer(secure)];
const onSocket = http.createServer();
const main = http.createServer(async (request, response) => {
  response.end('hello');
  if (request.url !== '/close') return;
  await Promise.all([...others, onSocket].map((server) => new Promise((resolve) => server.close(resolve))));
  rmSync(folder, { recursive: true });
  console.log('closed');
});
for (const server of [main, ...others]) await once(server.listen(0, '127.0.0.1'), 'listening');
await once(onSocket.listen(socket), 'listening');
console.log(`socket ${socket}`);
console.log(`ports ${others.map((server) => server.address().port).join(' ')}`);
console.log(`listening ${main.address().port}`);
