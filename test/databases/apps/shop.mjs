// Connects to its databases before it listens, as most apps do, and calls them in its routes.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { startTdsServer } from './tds-server.mjs';

const [folder, servers] = process.argv.slice(2);
const { mariadb, redis } = JSON.parse(servers);
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

const ROUTES = {
  '/users': () => mysql.query('SELECT 1 AS secret'),
  '/orders': () => mysql.query('SELECT * FROM secret.secret').catch(() => {}),
  '/cached': () => cache.get('secret'),
  '/reports': () => mssql.request().query('SELECT secret'),
  '/plain': () => {},
};

createServer(async (request, response) => {
  await ROUTES[request.url]();
  response.end();
}).listen(0, '127.0.0.1', function () {
  console.log(`TDS ${tds}`);
  console.log(`listening ${this.address().port}`);
});
