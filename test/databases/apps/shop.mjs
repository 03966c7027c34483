// Connects to its databases before it listens, as most apps do, and calls them in its routes.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { startTdsServer } from './tds-server.mjs';

const [folder, servers] = process.argv.slice(2);
const { ferretdb, mariadb, postgres, redis } = JSON.parse(servers);
const load = (name) => createRequire(`${folder}/package.json`)(name);

const options = { encrypt: false, trustServerCertificate: true };
const tds = await startTdsServer();
const mssql = await new (load('mssql').ConnectionPool)({
  ...{ server: '127.0.0.1', port: tds, user: 'apm', password: 'secret', options },
}).connect();
const mysql = load('mysql2').createPool({ host: '127.0.0.1', port: mariadb.port, user: 'apm' }).promise();
await mysql.query('SELECT 1');
const cache = new (load('ioredis').Redis)({ host: '127.0.0.1', port: redis.port });
await cache.set('key', 'secret');
const pool = new (load('pg').Pool)({
  host: '127.0.0.1',
  port: postgres.port,
  user: 'apm',
  database: postgres.database,
});
const sql = load('postgres')(`postgres://apm@127.0.0.1:${postgres.port}/${postgres.database}`);
await Promise.all([pool.query('SELECT 1'), sql`SELECT 1`]);
const mongodb = await new (load('mongodb').MongoClient)(`mongodb://127.0.0.1:${ferretdb.port}`).connect();

const ROUTES = {
  '/users': () => mysql.query('SELECT 1 AS secret'),
  '/orders': () => mysql.query('SELECT * FROM secret.secret').catch(() => {}),
  '/cached': () => cache.get('secret'),
  '/reports': () => mssql.request().query('SELECT secret'),
  '/accounts': () => pool.query('SELECT 1 AS secret'),
  '/events': () => sql`INSERT INTO secret VALUES (1)`.catch(() => {}),
  '/items': () => mongodb.db('apm').collection('items').findOne({ name: 'secret' }),
  '/plain': () => {},
};

createServer(async (request, response) => {
  await ROUTES[request.url]();
  response.end();
}).listen(0, '127.0.0.1', function () {
  console.log(`TDS ${tds}`);
  console.log(`listening ${this.address().port}`);
});
