// Makes calls over HTTP/2, by `http2` and by grpc-js. Prints them as they were recorded. Argument: the folder of the packages.
import http2 from 'node:http2';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { recordKinds } from './describe.mjs';

const SLOW_MS = 60;
const load = createRequire(join(process.argv[2], 'package.json'));
const CLOSED = 'localhost:2';

const server = http2.createServer();
server.on('stream', (stream, headers) => {
  stream.on('error', () => {});
  const answers = {
    '/': () => stream.respond({ ':status': 200 }) ?? stream.end('answered'),
    '/404': () => stream.respond({ ':status': 404 }, { endStream: true }),
    '/slow': () => setTimeout(() => stream.respond({ ':status': 200 }) ?? stream.end('late'), SLOW_MS),
    '/reset': () => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR),
    '/cut': () => {
      stream.respond({ ':status': 200 });
      stream.write('a');
      setTimeout(() => stream.session.destroy(), SLOW_MS);
    },
    '/push': () =>
      stream.pushStream({ ':path': '/pushed' }, (_, pushed) => {
        pushed.respond({ ':status': 200 });
        pushed.end('pushed');
        stream.respond({ ':status': 200 });
        stream.end('answered');
      }),
    '/session': () => setTimeout(() => stream.session.destroy(), SLOW_MS),
    '/never': () => {},
  };
  answers[headers[':path']]?.();
});
await new Promise((resolve) => server.listen(0, 'localhost', resolve));
const { port } = server.address();

/** @param leave what the client does after a while */
async function call(path, headers = {}, leave = undefined, to = `localhost:${port}`) {
  const session = http2.connect(`http://${to}`);
  session.on('error', () => {}).on('stream', (pushed) => pushed.resume());
  const stream = session.request({ ':path': path, ...headers });
  if (leave) session.once('connect', () => setTimeout(() => leave(stream, session), SLOW_MS));
  await new Promise((resolve) =>
    stream
      .on('error', () => {})
      .on('close', resolve)
      .resume(),
  );
  session.destroy();
}

const HTTP2 = {
  'a response that is read': () => call('/'),
  'a method': () => call('/', { ':method': 'DELETE' }),
  'an error status': () => call('/404'),
  'a slow answer': () => call('/slow'),
  'another authority than that of the connection': () => call('/', { ':authority': 'shop.example' }),
  'a stream that is reset': () => call('/reset'),
  'a response that is cut off': () => call('/cut'),
  'a pushed stream, which is no call': () => call('/push'),
  'a session that ends': () => call('/session'),
  'a stream that the client closes': () => call('/never', {}, (stream) => stream.close(8)),
  'a session that the client destroys': () => call('/never', {}, (_, session) => session.destroy()),
  'an abort signal': async () => {
    const session = http2.connect(`http://localhost:${port}`);
    const stream = session.request({ ':path': '/never' }, { signal: AbortSignal.timeout(SLOW_MS) });
    await new Promise((resolve) => stream.on('error', () => {}).on('close', resolve));
    session.destroy();
  },
  'a closed port': () => call('/', {}, undefined, CLOSED),
};

const grpc = load('@grpc/grpc-js');
const buffers = {
  requestSerialize: (b) => b,
  requestDeserialize: (b) => b,
  responseSerialize: (b) => b,
  responseDeserialize: (b) => b,
};
const method = (name, responseStream = false) => ({
  path: `/Shop/${name}`,
  requestStream: false,
  responseStream,
  ...buffers,
});
const SHOP = { Find: method('Find'), Follow: method('Follow', true) };
const shop = new grpc.Server();
shop.addService(SHOP, {
  Find: ({ request }, callback) => {
    const code = Number(request.toString());
    if (code === 100) return;
    callback(code === 0 ? null : { code, details: 'refused' }, Buffer.from('found'));
  },
  Follow: (stream) => {
    stream.write(Buffer.from('first'));
    if (stream.request.toString() === 'end') setTimeout(() => stream.end(), SLOW_MS);
  },
});
const shopPort = await new Promise((resolve, reject) => {
  const insecure = grpc.ServerCredentials.createInsecure();
  shop.bindAsync('localhost:0', insecure, (error, bound) => (error ? reject(error) : resolve(bound)));
});
const Shop = grpc.makeGenericClientConstructor(SHOP, 'Shop');
const client = new Shop(`localhost:${shopPort}`, grpc.credentials.createInsecure());

const find = (of, code, options = {}) =>
  new Promise((resolve) => of.Find(Buffer.from(String(code)), options, (error) => resolve(error)));
const GRPC = {
  'a call': () => find(client, 0),
  'the status NOT_FOUND': () => find(client, 5),
  'the status UNAVAILABLE': () => find(client, 14),
  'a deadline': () => find(client, 100, { deadline: Date.now() + SLOW_MS }),
  'a stream': async () => {
    const stream = client.Follow(Buffer.from('end'));
    await new Promise((resolve) => stream.on('end', resolve).on('error', resolve).resume());
  },
  'a stream that the client leaves': async () => {
    const stream = client.Follow(Buffer.from('stay')).on('error', () => {});
    await new Promise((resolve) => stream.on('data', resolve));
    stream.cancel();
    await wait(5);
  },
  'an unknown method': () => {
    const unknown = grpc.makeGenericClientConstructor({ Find: method('Lose') }, 'Shop');
    return find(new unknown(`localhost:${shopPort}`, grpc.credentials.createInsecure()), 0);
  },
};

const ports = { PORT: port, SHOP: shopPort };
console.log(JSON.stringify({ http2: await recordKinds(HTTP2, ports), grpc: await recordKinds(GRPC, ports) }));
process.exit();
