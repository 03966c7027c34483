// Servers of every kind in one process: http, https, http2 and http2 over TLS, which also answers HTTP/1.1.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createSecureServer, createServer as createServer2 } from 'node:http2';
import { createServer as createSecure1 } from 'node:https';

const pem = { key: readFileSync(process.env.KEY), cert: readFileSync(process.env.CERT) };

/** By the compatibility API. */
function compat(request, response) {
  const path = request.url;
  if (path === '/never') return;
  if (path === '/half') return void response.writeHead(200).write('half');
  if (path === '/events') response.setHeader('content-type', 'text/event-stream');
  response.statusCode = path === '/nowhere' ? 404 : 200;
  response.end('ok');
}

/** By streams. */
function stream(stream, headers) {
  stream.on('error', () => {});
  const path = headers[':path'];
  if (path === '/never') return;
  if (path === '/half') {
    stream.respond({ ':status': 206 });
    return void stream.write('half');
  }
  if (path === '/push') {
    stream.pushStream({ ':path': '/pushed' }, (error, pushed) => {
      if (error) return;
      pushed.respond({ ':status': 200 });
      pushed.end('pushed');
    });
  }
  if (path === '/hints') stream.additionalHeaders({ ':status': 103 });
  stream.respond({ ':status': path === '/nowhere' ? 404 : 200 });
  stream.end('ok');
}

const servers = {
  http: createServer(compat),
  https: createSecure1(pem, compat),
  http2: createServer2().on('stream', stream),
  compat: createServer2(compat),
  secure: createSecureServer({ ...pem, allowHTTP1: true }, compat),
};
await Promise.all(Object.values(servers).map((server) => new Promise((done) => server.listen(0, done))));
const ports = Object.entries(servers).map(([name, server]) => `${name}=${server.address().port}`);
console.log(ports.join(' '));
console.log(`listening ${servers.http.address().port}`);
