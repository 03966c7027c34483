// `/hooks` answers with the names of the `onRequest` hooks. The app itself adds none.
import fastify from 'fastify';

const app = fastify();
app.get('/hooks', () => [
  ...new Set(app.printRoutes({ includeHooks: true }).match(/(?<=\(onRequest\) \[").*(?=\(\)"\])/g)),
]);
app.get('/books/:isbn', () => 'book');
await app.listen({ port: 0, host: '127.0.0.1' });
console.log('listening', app.server.address().port);
