import { describe, driver, recordCalls, server } from './record.mjs';

/** Both clients of Redis, by what they call the same things. */
const CLIENTS = {
  ioredis: {
    open: async (options) => new driver.Redis({ ...options, lazyConnect: true, maxRetriesPerRequest: 0 }),
    set: (client) => client.set('key', 'secret'),
    get: (client) => client.get('key'),
    unknown: (client) => client.call('secret', 'secret'),
    failing: (client) => client.lpush('key', 'secret'),
    pipeline: (client) => client.pipeline().set('key', 'a').get('key').exec(),
    transaction: (client) => client.multi().set('key', 'a').get('key').exec(),
    close: (client) => client.disconnect(),
  },
  'node-redis': {
    open: async ({ host, port, path }) =>
      driver.createClient({ socket: path ? { path } : { host, port, reconnectStrategy: false } }).on('error', () => {}),
    set: (client) => client.set('key', 'secret'),
    get: (client) => client.get('key'),
    unknown: (client) => client.sendCommand(['secret', 'secret']),
    failing: (client) => client.lPush('key', 'secret'),
    pipeline: (client) => client.multi().set('key', 'a').get('key').execAsPipeline(),
    transaction: (client) => client.multi().set('key', 'a').get('key').exec(),
    close: (client) => client.destroy(),
  },
};
const actions = CLIENTS[driver.Redis ? 'ioredis' : 'node-redis'];

await recordCalls(async (takeCalls) => {
  const steps = {};
  const step = async (name, run) => {
    await Promise.resolve(run()).catch(() => {});
    steps[name] = takeCalls().map(describe);
  };
  const client = await actions.open({ host: '127.0.0.1', port: server.port });
  await client.connect();
  // What a client asks of a server when it connects depends on its version.
  await actions.get(client);
  const connects = takeCalls().filter(({ operation }) => operation === 'connect');
  for (const name of ['set', 'get', 'unknown', 'failing', 'pipeline', 'transaction']) {
    await step(name, () => actions[name](client));
  }
  await step('three commands at once', () =>
    Promise.all([actions.get(client), actions.set(client), actions.get(client)]),
  );
  actions.close(client);

  const local = await actions.open({ path: server.socket });
  await local.connect();
  await actions.get(local);
  takeCalls();
  await step('get through a socket', () => actions.get(local));
  actions.close(local);

  const refused = await actions.open({ host: '127.0.0.1', port: 1, retryStrategy: null });
  await step('connection that is refused', () => refused.connect());
  return { steps: { connect: connects.map(describe), ...steps } };
});
