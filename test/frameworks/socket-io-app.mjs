import { createServer } from 'node:http';
import { server as createHapi } from '@hapi/hapi';
import Router from '@koa/router';
import Koa from 'koa';
import { Server } from 'socket.io';

const router = new Router();
router.get('/users/:id', (context) => {
  context.body = 'user';
});
const koa = createServer(new Koa().use(router.routes()).callback());
new Server(koa);
const hapi = createHapi({ port: 0, host: '127.0.0.1' });
hapi.route({ method: 'GET', path: '/orders/{id}', handler: () => 'order' });
new Server(hapi.listener);

hapi.start().then(() => {
  koa.listen(0, '127.0.0.1', () => console.log(`hapi ${hapi.info.port}\nlistening`, koa.address().port));
});
