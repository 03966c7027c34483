import { createRequire } from 'node:module';
import { describe, folder, driver as pg, recordCalls, server } from './record.mjs';

const tcp = { host: '127.0.0.1', port: server.port, user: 'apm', database: server.database };
const require = createRequire(`${folder}/package.json`);
const Stream = require('pg-query-stream');
const Cursor = require('pg-cursor');

await recordCalls(async (takeCalls) => {
  const steps = {};
  const step = async (name, run) => {
    await run();
    steps[name] = takeCalls().map(describe);
  };
  /** Whether the calls have ended when a callback of the app runs. */
  let endedBefore;
  const answered = (start) =>
    new Promise((resolve) =>
      start((error, result) => {
        endedBefore = takeCalls().map(describe);
        resolve(error ?? result);
      }),
    );

  const client = new pg.Client(tcp);
  await step('connect of a client', () => client.connect());
  await step('query that returns a promise', () => client.query('SELECT 1'));
  await step('query with values', () => client.query({ text: 'select $1::int', values: [1] }));
  await answered((done) => client.query('UPDATE pg_class SET relname = relname WHERE $1', [false], done));
  steps['query with a callback'] = endedBefore;
  await step('query that fails', () => client.query('INSERT INTO missing VALUES (1)').catch(() => {}));
  await answered((done) => client.query('DELETE FROM missing', done));
  steps['query with a callback that fails'] = endedBefore;
  await step('named statement', () => client.query({ name: 'one', text: '/* a */ SELECT 1' }));
  await step('two statements', () => client.query('VALUES (1); SELECT 1'));
  await step('text that is not SQL', () => client.query('secret').catch(() => {}));
  await step('three queries at once', () =>
    Promise.all([client.query('SELECT 1'), client.query('show all'), client.query('SELECT 2')]),
  );
  await step('query object', () => {
    const query = client.query(new pg.Query('SHOW server_version'));
    return new Promise((resolve) => query.on('end', resolve));
  });
  await step('stream of rows', async () => {
    for await (const _ of client.query(new Stream('SELECT generate_series(1, 300)')));
  });
  await step('cursor', async () => {
    const cursor = client.query(new Cursor('VALUES (1), (2), (3)'));
    await cursor.read(2);
    await cursor.close();
  });
  await step('query that takes too long', () =>
    new pg.Pool({ ...tcp, query_timeout: 20 }).query('SELECT pg_sleep(5)').catch(() => {}),
  );
  await client.query('SELECT pg_sleep(0.1)');
  const [{ seconds }] = takeCalls();
  await step('connection that breaks', async () => {
    const end = new Promise((resolve) => client.on('error', () => {}).once('end', resolve));
    await client.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => {});
    await end;
  });
  await step('client that is closed', () => client.query('SELECT 1').catch(() => {}));

  const pool = new pg.Pool({ ...tcp, host: server.socket.replace(/\/[^/]*$/, ''), max: 1 });
  await step('pool that opens a connection', () => pool.query('SELECT 1'));
  await step('pool with a free connection', () => pool.query('SELECT 1'));
  await step('connection of a pool', async () => {
    const connection = await pool.connect();
    await connection.query('BEGIN');
    await connection.query('COMMIT');
    connection.release();
  });
  await Promise.all([
    pool.query('SELECT pg_sleep(0.1)'),
    pool.query('SELECT 1'),
    pool.connect().then((c) => c.release()),
  ]);
  const waits = takeCalls().filter(({ operation }) => operation === 'connect');
  await new Promise((resolve) => pool.end(resolve));
  await step('pool that was ended', () => pool.query('SELECT 1').catch(() => {}));
  const closed = new pg.Pool({ host: '127.0.0.1', port: 1 });
  await step('pool that cannot connect', () => answered((done) => closed.query('SELECT 1', done)));
  steps['pool that cannot connect'] = endedBefore;
  await step('promise of a pool that cannot connect', () => closed.connect().catch(() => {}));
  return { steps, seconds, waits: waits.map((wait) => wait.seconds) };
});
