// A server with the listeners of a test: serve.mjs KIND OPTIONS HANDLER STREAM SET_UP. The last three are source text of
// functions.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';

const [kind, options, handler, stream, setUp] = process.argv.slice(2);
const pem = (name) => readFileSync(new URL(`localhost-${name}.pem`, import.meta.url));
const create = {
  http: http.createServer,
  https: https.createServer,
  http2: http2.createServer,
  http2s: http2.createSecureServer,
}[kind];
const read = (text) => (text ? new Function(`return (${text});`)() : undefined);

const secure = kind.endsWith('s') && { key: pem('key'), cert: pem('cert') };
const server = create({ ...secure, ...JSON.parse(options) });
if (handler) server.on('request', read(handler));
if (stream) server.on('stream', read(stream));
read(setUp)?.(server);
server.listen(0, () => console.log(`listening ${server.address().port}`));
