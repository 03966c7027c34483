import { createRequire } from 'node:module';
import { describe, driver, recordCalls } from './record.mjs';
import { startTdsServer } from './tds-server.mjs';

const { watchMssqlPools } = createRequire(import.meta.url)('../../../dist/calls/databases/mssql-pools.js');
const options = { encrypt: false, trustServerCertificate: true };
const config = (port) => ({ server: '127.0.0.1', port, user: 'apm', password: 'secret', options });

const connect = async (port) => new driver.ConnectionPool(config(port)).connect();
const unseen = await connect(await startTdsServer());
// As the preload does. The app connects, and calls are watched later, when it listens.
watchMssqlPools();
const port = await startTdsServer();
const pool = await connect(port);

await recordCalls(async (takeCalls) => {
  const steps = {};
  const step = async (name, run) => {
    await run().catch(() => {});
    steps[name] = takeCalls().map((call) => describe(call).replace(port, 'PORT'));
  };
  await step('query', () => pool.request().query('SELECT 1'));
  await step('query of a template', () => pool.query`SELECT ${1}`);
  await step('query with a parameter', () => pool.request().input('a', 1).query('UPDATE t SET a = @a'));
  await step('query with a callback', () => new Promise((resolve) => pool.request().query('DELETE FROM t', resolve)));
  await step('query that fails', () => pool.request().query('SELECT * FROM missing'));
  await step('batch', () => pool.request().batch('CREATE TABLE t (a int)'));
  await step('stored procedure', () => pool.request().execute('secret'));
  await step('transaction', async () => {
    const transaction = pool.transaction();
    await transaction.begin();
    await transaction.request().query('INSERT INTO t VALUES (1)');
    await transaction.commit();
  });
  await step('pool that was connected before anything was watched', () => unseen.request().query('SELECT 1'));
  await step('another pool', async () => (await connect(port)).request().query('SELECT 1'));
  await step('connection that is refused', () => connect(1));
  return { steps };
});
