// One call of each driver: how it is made is the same for every variant.
const { createRequire } = require('node:module');

const { BENCH_PACKAGES, BENCH_DATABASE_PORT } = process.env;
const address = { host: '127.0.0.1', port: Number(BENCH_DATABASE_PORT) };
const load = (name) => createRequire(`${BENCH_PACKAGES}/package.json`)(name);

/** Each opens a connection, and returns a function that makes one call. */
module.exports = {
  ioredis() {
    const client = new (load('ioredis').Redis)(address);
    return () => client.get('key');
  },
  async 'node-redis'() {
    const client = load('@redis/client').createClient({ socket: address });
    await client.connect();
    return () => client.get('key');
  },
  'mysql2 query'() {
    const client = load('mysql2')
      .createConnection({ ...address, user: 'apm' })
      .promise();
    return () => client.query('SELECT 1');
  },
  'mysql2 execute'() {
    const client = load('mysql2')
      .createConnection({ ...address, user: 'apm' })
      .promise();
    return () => client.execute('SELECT ?', [1]);
  },
};
