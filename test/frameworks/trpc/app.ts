import { initTRPC } from '@trpc/server';
import { createHTTPServer } from '@trpc/server/adapters/standalone';

const { router, procedure } = initTRPC.create();
const list = procedure.query(() => ['a', 'b']);
const save = procedure.mutation(() => 'saved');
const fails = procedure.query(() => {
  throw new Error('meant to fail');
});
const made = createHTTPServer({ router: router({ user: router({ list, save, fails }), post: router({ list }) }) });
// Version 10 returns an object with the server.
const server = made.server ?? made;
server.listen(0, '127.0.0.1');
server.on('listening', () => console.log('listening', (server.address() as { port: number }).port));
