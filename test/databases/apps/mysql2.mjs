import { describe, driver, recordCalls, server } from './record.mjs';

const tcp = { host: '127.0.0.1', port: server.port, user: 'apm', database: server.database };

/** Waits for a callback of the driver; an error is as good as an answer. */
const answered = (start) => new Promise((resolve) => start((...answer) => resolve(answer)));

await recordCalls(async (takeCalls) => {
  const steps = {};
  const step = async (name, run) => {
    await run();
    steps[name] = takeCalls().map(describe);
  };
  const connection = driver.createConnection(tcp);
  await answered((done) => connection.query('CREATE OR REPLACE TABLE t (a int)', done));
  takeCalls();
  await step('query with a callback', () => answered((done) => connection.query('SELECT 1', done)));
  await step('execute with a callback', () =>
    answered((done) => connection.execute('insert into t values (?)', [1], done)),
  );
  await step('query that fails', () => answered((done) => connection.query('SELECT * FROM missing', done)));
  await step('execute that fails', () => answered((done) => connection.execute('DELETE FROM missing', done)));
  await step('query that is read as a stream', () =>
    answered((done) => connection.query('SELECT 1 UNION SELECT 2').stream().on('end', done).resume()),
  );
  await step('query that returns a promise', () =>
    connection
      .promise()
      .query('UPDATE mysql.missing SET a = 1')
      .catch(() => {}),
  );
  await step('three queries at once', () => {
    const query = (sql) => connection.promise().query(sql);
    return Promise.all([query('SELECT 1'), query('SET @a = 1'), query('SELECT 2')]);
  });
  await answered((done) => connection.query('SELECT SLEEP(0.1)', done));
  const [{ seconds }] = takeCalls();
  connection.destroy();

  const pool = driver.createPool({ socketPath: server.socket, user: 'apm', connectionLimit: 1 }).promise();
  await step('query of a pool that has no connection yet', () => pool.query('SELECT 1'));
  await step('query of a pool', () => pool.query('SELECT 1'));
  await step('execute of a pool', () => pool.execute('SELECT ?', [1]));
  await Promise.all([pool.query('SELECT SLEEP(0.1)'), pool.query('SET @a = 1')]);
  const busy = takeCalls();
  steps['query of a pool whose connection is in use'] = busy.map(describe);
  const [{ seconds: wait }] = busy.filter(({ operation }) => operation === 'connect');
  await pool.end();

  const closed = driver.createPool({ ...tcp, port: 1 });
  await step('pool that cannot connect', () => answered((done) => closed.query('SELECT 1', done)));
  return { steps, seconds, wait };
});
