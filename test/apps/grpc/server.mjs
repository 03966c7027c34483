// A server of @grpc/grpc-js: server.mjs PACKAGE.
import { health, shop } from './service.mjs';

const [, , name] = process.argv;
const grpc = await import(name);
const { Invented, ...implemented } = shop;
const server = new grpc.Server();
server.addService(implemented, {
  GetV2Order: (call, callback) => setTimeout(() => callback(null, { value: `order ${call.request.value}` }), 20),
  // Answers with the status that the client asks for.
  Refuse: (call, callback) => callback({ code: Number(call.request.value), details: 'refused' }),
  Hang: () => {},
  List: (call) => {
    for (const item of ['a', 'b', 'c']) call.write({ value: item });
    call.end();
  },
  // Sends a message at once, and ends after as many milliseconds as the client asks for; never for 0.
  Follow: (call) => {
    call.write({ value: 'begun' });
    if (Number(call.request.value) > 0) setTimeout(() => call.end(), Number(call.request.value));
  },
  Chat: (call) => call.on('data', (message) => call.write(message)).on('end', () => call.end()),
});
server.addService(health, { Watch: (call) => call.write({ value: 'SERVING' }) });
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  // Later versions start without it, and log a warning.
  if (name.endsWith('1.9')) server.start();
  console.log('listening', port);
});
