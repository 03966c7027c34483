// A server of nice-grpc.
import { createServer, ServerError } from 'nice-grpc';
import { health, shop } from './service.mjs';

const { Invented, ...implemented } = shop;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const server = createServer();
server.add(implemented, {
  async GetV2Order({ value }) {
    await wait(20);
    return { value: `order ${value}` };
  },
  async Refuse({ value }) {
    throw new ServerError(Number(value), 'refused');
  },
  Hang: () => new Promise(() => {}),
  async *List() {
    for (const value of ['a', 'b', 'c']) yield { value };
  },
  async *Follow({ value }) {
    yield { value: 'begun' };
    await (Number(value) > 0 ? wait(Number(value)) : new Promise(() => {}));
  },
  async *Chat(messages) {
    yield* messages;
  },
});
server.add(health, {
  async *Watch() {
    yield { value: 'SERVING' };
    await new Promise(() => {});
  },
});
console.log('listening', await server.listen('127.0.0.1:0'));
