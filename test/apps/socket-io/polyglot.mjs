// httpolyglot: HTTP and HTTP/2 on one port. Fastify answers injected requests, too, which no client has sent.
import { createServer } from '@httptoolkit/httpolyglot';
import fastify from 'fastify';

const app = fastify();
app.get('/injected', () => 'injected');
await app.inject('/injected');
const server = createServer({}, (_, response) => response.end('hello'));
server.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
