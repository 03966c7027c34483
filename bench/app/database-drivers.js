// One call of each driver: how it is made is the same for every variant.
const { createRequire } = require('node:module');

const { BENCH_PACKAGES, BENCH_DATABASE_PORT } = process.env;
const address = { host: '127.0.0.1', port: Number(BENCH_DATABASE_PORT) };
const postgres = { ...address, user: 'apm', database: 'postgres', max: 16 };
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
  async mongodb() {
    const client = await new (load('mongodb').MongoClient)(`mongodb://127.0.0.1:${address.port}`).connect();
    const database = client.db('apm');
    return () => database.command({ ping: 1 });
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
  async pg() {
    const client = new (load('pg').Client)(postgres);
    await client.connect();
    return () => client.query('SELECT 1');
  },
  async 'pool of pg'() {
    const pool = new (load('pg').Pool)({ ...postgres, idleTimeoutMillis: 0 });
    // All its connections are open before anything is measured, so that no call waits for one.
    await Promise.all(Array.from({ length: postgres.max }, () => pool.query('SELECT 1')));
    return () => pool.query('SELECT 1');
  },
  postgres() {
    const sql = load('postgres')({ ...address, username: 'apm', database: 'postgres' });
    return () => sql`SELECT 1`;
  },
};
