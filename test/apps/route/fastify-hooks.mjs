// Tells the names of its `onRequest` hooks; it has none of its own.
import fastify from 'fastify';

const app = fastify();
app.get('/hooks', () => [
  ...new Set(app.printRoutes({ includeHooks: true }).match(/(?<=\(onRequest\) \[").*(?=\(\)"\])/g)),
]);
app.get('/books/:isbn', () => 'book');
await app.listen({ port: 0, host: '127.0.0.1' });
console.log('listening', app.server.address().port);
