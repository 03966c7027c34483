import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, driver as postgres, recordCalls, server } from './record.mjs';

const url = `postgres://apm@127.0.0.1:${server.port}/${server.database}`;
const quiet = { onnotice() {} };

// Opened before anything is watched, as apps do.
const sql = postgres(url, { max: 2, ...quiet });

await recordCalls(async (takeCalls) => {
  const steps = {};
  const step = async (name, run) => {
    await run();
    steps[name] = takeCalls().map(describe);
  };
  await step('first query', () => sql`SELECT ${1}::int`);
  await step('query', () => sql`select 1`);
  await step('query that fails', () => sql`INSERT INTO missing VALUES (1)`.catch(() => {}));
  await step('text', () => sql.unsafe('SHOW server_version'));
  await step('text that is not SQL', () => sql.unsafe('secret').catch(() => {}));
  await step('query that begins with another one', () => sql`${sql`SELECT 1`} AS one`);
  await step('transaction', () => sql.begin((inner) => inner`UPDATE pg_class SET relname = relname WHERE false`));
  await step('transaction that is rolled back', () =>
    sql
      .begin(async (inner) => {
        await inner`SELECT 1`;
        throw new Error('secret');
      })
      .catch(() => {}),
  );
  await step('cursor', async () => {
    for await (const _ of sql`SELECT generate_series(1, 5)`.cursor(2));
  });
  await step('callback for each row', () => sql`VALUES (1), (2)`.forEach(() => {}));
  await step('five queries at once', () => Promise.all([1, 2, 3, 4, 5].map((i) => sql`SELECT ${i}::int`)));
  const file = join(tmpdir(), `apm-${process.pid}.sql`);
  writeFileSync(file, 'EXPLAIN SELECT 1');
  await step('file', () => sql.file(file));
  await step('query that is cancelled', async () => {
    const query = sql`SELECT pg_sleep(5)`.execute();
    setTimeout(() => query.cancel(), 50);
    await query.catch(() => {});
  });
  await step('query that nobody awaits', () => {
    sql`SELECT 1`;
  });
  await sql`SELECT pg_sleep(0.1)`;
  const [{ seconds }] = takeCalls();
  const other = postgres(url, { max: 1, ...quiet });
  await step('other client', () => other`SELECT 1`);
  await Promise.all([sql.end(), other.end()]);
  await step('client that was ended', () => sql`SELECT 1`.catch(() => {}));
  const closed = postgres('postgres://apm@127.0.0.1:1/secret', { max: 1, ...quiet });
  await step('client that cannot connect', () => closed`SELECT 1`.catch(() => {}));
  return { steps, seconds };
});
