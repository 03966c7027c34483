import { createServer } from 'node:http';
import { buildSchema } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';

const schema = buildSchema('type Query { user(id: ID): String, fails: String }');
const rootValue = {
  user: ({ id }: { id: string }) => id,
  fails: () => {
    throw new Error('meant to fail');
  },
};
const handle = createHandler({ schema, rootValue });
const server = createServer((request, response) => {
  if (request.url?.startsWith('/graphql')) return handle(request, response);
  return response.writeHead(404).end();
}).listen(0, '127.0.0.1', () => console.log('listening', (server.address() as { port: number }).port));
