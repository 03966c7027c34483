// Calls pg beside a tool that patches it, too. Prints the calls that we saw; the tool prints its spans.
import { createRequire } from 'node:module';
import { DATABASE_DRIVERS, describe, folder, server } from './record.mjs';

const load = () => createRequire(`${folder}/package.json`)('pg');
const calls = [];
const sink = { started() {}, ended: ({ target, error }) => calls.push(describe({ ...target, error })) };
const watch = () => {
  for (const driver of DATABASE_DRIVERS) driver.watch({ sink, isIgnored: () => false, withDetails: false });
};

if (process.env.WATCH === 'before pg is loaded') watch();
const pg = load();
if (process.env.WATCH === 'after pg is loaded') watch();
await new Promise((resolve) => setImmediate(resolve));
const pool = new pg.Pool({ host: '127.0.0.1', port: server.port, user: 'apm', database: server.database, max: 1 });
await pool.query('SELECT 1');
await new Promise((resolve) => pool.query('UPDATE pg_class SET relname = relname WHERE false', resolve));
await pool.query('SELECT * FROM missing').catch(() => {});
const client = await pool.connect();
await client.query('SHOW server_version');
console.log(JSON.stringify({ calls }));
