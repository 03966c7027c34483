// 200 requests at a time, each in its own context, make random calls one after the other over few shared connections. Prints
// the requests whose calls were seen in another context than their own.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { startTdsServer } from './tds-server.mjs';

const require = createRequire(import.meta.url);
const { DATABASE_DRIVERS } = require('../../../dist/calls/databases/index.js');
const { watchMssqlPools } = require('../../../dist/calls/databases/mssql-pools.js');
const [folder, servers] = process.argv.slice(2);
const { ferretdb, mariadb, postgres, redis } = JSON.parse(servers);
const load = (name) => createRequire(`${folder}/package.json`)(name);

const REQUESTS = 200;
const CALLS_PER_REQUEST = 5;
const CONNECTIONS = 3;

const contexts = new AsyncLocalStorage();
const seen = new Map();
const sink = {
  started({ target: { system, operation } }) {
    // A wait for a connection is no call of these tests.
    if (operation !== 'connect') seen.get(contexts.getStore())?.push(`${system} ${operation}`);
  },
  ended() {},
};
watchMssqlPools();
for (const driver of DATABASE_DRIVERS) driver.watch({ sink, isIgnored: () => false, withDetails: false, contexts });

/** What each driver is called with, and the operation that must be seen. `done` runs the rest of the request. */
const mysql = load('mysql2').createPool({
  host: '127.0.0.1',
  port: mariadb.port,
  user: 'apm',
  connectionLimit: CONNECTIONS,
});
const mssql = await new (load('mssql').ConnectionPool)({
  server: '127.0.0.1',
  port: await startTdsServer(),
  user: 'apm',
  password: 'secret',
  pool: { max: CONNECTIONS },
  options: { encrypt: false, trustServerCertificate: true },
}).connect();
const ioredis = new (load('ioredis').Redis)({ host: '127.0.0.1', port: redis.port });
// ioredis publishes a command when it writes it to its connection, so one that waits for the connection is nobody's.
await ioredis.ping();
const nodeRedis = await load('@redis/client')
  .createClient({ socket: { host: '127.0.0.1', port: redis.port } })
  .connect();
const pool = new (load('pg').Pool)({
  ...{ host: '127.0.0.1', port: postgres.port, user: 'apm', database: postgres.database, max: CONNECTIONS },
});
const { Query } = load('pg');
const Cursor = load('pg-cursor');
const QueryStream = load('pg-query-stream');
/** Runs a query on a connection of its own. `run` calls back when the connection may be released. */
const onClient = (done, run) =>
  pool.connect((_, client, release) =>
    run(client, () => {
      release();
      done();
    }),
  );
const sql = load('postgres')(`postgres://apm@127.0.0.1:${postgres.port}/${postgres.database}`, { max: CONNECTIONS });
const mongodb = await new (load('mongodb').MongoClient)(`mongodb://127.0.0.1:${ferretdb.port}`, {
  maxPoolSize: CONNECTIONS,
}).connect();
const items = mongodb.db('apm').collection('items');
const KINDS = [
  ['mysql SELECT', (done) => mysql.query('SELECT 1', done)],
  ['mysql SET', (done) => mysql.execute('SET @a = 1', done)],
  ['mysql DO', (done) => mysql.promise().query('DO 1').then(done)],
  [
    'mysql SHOW',
    (done) =>
      mysql.getConnection((_, connection) => {
        connection.query('SHOW DATABASES', () => {
          connection.release();
          done();
        });
      }),
  ],
  ['microsoft.sql_server UPDATE', (done) => mssql.request().query('UPDATE t SET a = 1', done)],
  ['microsoft.sql_server DELETE', (done) => mssql.request().batch('DELETE FROM t', done)],
  ['microsoft.sql_server INSERT', (done) => mssql.request().query('INSERT INTO t VALUES (1)').then(done)],
  ['postgresql SELECT', (done) => pool.query('SELECT 1', done)],
  ['postgresql VALUES', (done) => pool.query('VALUES (1)').then(done)],
  [
    'postgresql SHOW',
    (done) =>
      pool.connect((_, client, release) => {
        client.query('SHOW server_version', () => {
          release();
          done();
        });
      }),
  ],
  ['postgresql SET', (done) => onClient(done, (client, end) => client.query({ text: 'SET a.b = 1', callback: end }))],
  [
    'postgresql DO',
    (done) => onClient(done, (client, end) => client.query(new Query("DO 'BEGIN END'")).on('end', end)),
  ],
  [
    'postgresql WITH',
    (done) =>
      onClient(done, (client, end) =>
        client.query(new QueryStream('WITH a AS (SELECT 1) TABLE a')).on('end', end).resume(),
      ),
  ],
  [
    'postgresql EXPLAIN',
    (done) =>
      onClient(done, (client, end) => {
        const cursor = client.query(new Cursor('EXPLAIN SELECT 1'));
        cursor.read(100, () => cursor.close().then(end));
      }),
  ],
  ['postgresql TABLE', (done) => sql`TABLE pg_am`.then(done)],
  ['postgresql EXPLAIN', (done) => void sql`EXPLAIN SELECT 1`.forEach(done)],
  ['mongodb find', (done) => items.findOne().then(done)],
  ['mongodb distinct', (done) => items.distinct('name').then(done)],
  ['redis GET', (done) => ioredis.get('key', done)],
  ['redis SET', (done) => ioredis.set('key', 'a').then(done)],
  ['redis INCR', (done) => nodeRedis.incr('number').then(done)],
  ['redis MULTI', (done) => nodeRedis.multi().get('key').exec().then(done)],
];

function handle(id) {
  const expected = Array.from({ length: CALLS_PER_REQUEST }, () => KINDS[Math.floor(Math.random() * KINDS.length)]);
  seen.set(id, []);
  return new Promise((resolve) => {
    const callNext = (i) => {
      if (i === expected.length) return resolve({ id, expected: expected.map(([name]) => name) });
      expected[i][1](() => callNext(i + 1));
    };
    contexts.run(id, () => callNext(0));
  });
}

const handled = await Promise.all(Array.from({ length: REQUESTS }, (_, id) => handle(id)));
const wrong = handled
  .map(({ id, expected }) => ({ expected, seen: seen.get(id) }))
  .filter((request) => JSON.stringify(request.expected) !== JSON.stringify(request.seen));
console.log(JSON.stringify({ requests: handled.length, wrong }));
process.exit();
