// Calls the server at a port with @grpc/grpc-js, and prints how the calls ended: client.mjs PORT FOLLOW_MS.
import * as grpc from '@grpc/grpc-js';
import { health, shop } from './service.mjs';

const [, , port, followMs] = process.argv;
const at = (definition) =>
  new (grpc.makeGenericClientConstructor(definition, 'Service'))(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
  );
const client = at(shop);

const unary = (name, request, of = client) =>
  new Promise((resolve) => of[name]({ value: request }, (error, answer) => resolve(error?.code ?? answer.value)));

/** Reads a stream to its end, or leaves it at its first message. */
const read = (call, { leave = false } = {}) =>
  new Promise((resolve) => {
    const messages = [];
    call.on('data', ({ value }) => {
      messages.push(value);
      if (leave) call.cancel();
    });
    call.on('error', (error) => resolve([...messages, error.code]));
    call.on('end', () => resolve(messages));
  });

const results = { order: await unary('GetV2Order', '17'), refused: [], invented: [] };
for (let code = 1; code <= 16; code++) results.refused.push(await unary('Refuse', String(code)));
for (let i = 0; i < 60; i++) {
  const invented = { Call: { ...shop.Invented, path: `/shop.v1.Shop2/Invented${i}` } };
  results.invented.push(unary('Call', 'x', at(invented)));
}
results.invented = await Promise.all(results.invented);
results.list = await read(client.List({ value: 'x' }));
const chat = client.Chat();
const chatted = read(chat);
chat.write({ value: 'hello' });
chat.end();
results.chat = await chatted;
results.cancelled = await new Promise((resolve) => {
  const call = client.Hang({ value: 'x' }, (error) => resolve(error.code));
  setTimeout(() => call.cancel(), 100);
});
[results.followed, results.left, results.watched] = await Promise.all([
  read(client.Follow({ value: followMs })),
  read(client.Follow({ value: '0' }), { leave: true }),
  read(at(health).Watch({ value: 'x' }), { leave: true }),
]);
console.log(JSON.stringify(results));
process.exit(0);
