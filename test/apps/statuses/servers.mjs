// One server of each kind. The last segment of a path is the status of its answer; `/hangs` gets none, and `/exit` exits.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttps } from 'node:https';

const pem = (name) => readFileSync(new URL(`../requests/localhost-${name}.pem`, import.meta.url));
const tls = { key: pem('key'), cert: pem('cert') };
const answer = (request, response) => {
  if (request.url === '/hangs') return;
  if (request.url === '/exit') response.on('close', () => process.exit());
  response.writeHead(Number(request.url.split('/').at(-1)) || 200).end();
};
const servers = [createServer(answer), createHttps(tls, answer), createSecureServer(tls, answer)];
const ports = [];
for (const server of servers) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  ports.push(server.address().port);
}
console.log(`ports ${ports}`);
console.log(`listening ${ports[0]}`);
