// Many requests share few connections. Prints the calls that began in the context of another request.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { DATABASE_DRIVERS, folder, server } from './record.mjs';

const REQUESTS = 200;
const require = createRequire(`${folder}/package.json`);
const pg = require('pg');
const postgres = require('postgres');

const storage = new AsyncLocalStorage();
const address = { host: '127.0.0.1', port: server.port, database: server.database };
const pool = new pg.Pool({ ...address, user: 'apm', max: 3 });
const sql = postgres({ ...address, username: 'apm', max: 3 });

/** How many calls each request began. */
const begun = new Map();
const sink = {
  started: (call) => {
    const request = storage.getStore();
    begun.set(request, (begun.get(request) ?? 0) + (call.target.operation === 'connect' ? 0 : 1));
  },
  ended() {},
};
for (const driver of DATABASE_DRIVERS)
  driver.watch({ sink, isIgnored: () => false, withDetails: false, contexts: storage });
await sql`SELECT 1`;
begun.clear();

const query = (client, text) =>
  new Promise((resolve, reject) => client.query(text, (error, result) => (error ? reject(error) : resolve(result))));

/** By what a request makes three calls, one after the other. */
const WAYS = {
  promises: async () => {
    for (let i = 0; i < 3; i++) await pool.query('SELECT 1');
  },
  // Nothing of the app restores the context here.
  callbacks: () =>
    new Promise((resolve, reject) => {
      const next = (left) =>
        pool.query('SELECT 1', (error) => (error ? reject(error) : left > 1 ? next(left - 1) : resolve()));
      next(3);
    }),
  'connections with callbacks': () =>
    new Promise((resolve, reject) =>
      pool.connect((error, client, release) => {
        if (error) return reject(error);
        client.query('BEGIN', () =>
          client.query('SELECT 1', () =>
            client.query('COMMIT', () => {
              release();
              resolve();
            }),
          ),
        );
      }),
    ),
  connections: async () => {
    const client = await pool.connect();
    for (const text of ['BEGIN', 'SELECT 1', 'COMMIT']) await query(client, text);
    client.release();
  },
  postgres: async () => {
    for (let i = 0; i < 3; i++) await sql`SELECT 1`;
  },
  'callbacks of postgres': () =>
    new Promise((resolve) => {
      const last = () => void sql`SELECT 3`.then(resolve);
      const second = () => void sql`SELECT 2`.forEach(last);
      sql`SELECT 1`.forEach(second);
    }),
};

const wrong = {};
for (const [way, run] of Object.entries(WAYS)) {
  begun.clear();
  await Promise.all(Array.from({ length: REQUESTS }, (_, request) => storage.run(request, run)));
  wrong[way] = [...begun].filter(([request, calls]) => request === undefined || calls !== 3);
  if (begun.size !== REQUESTS) wrong[way].push('some requests have no calls');
}
console.log(JSON.stringify(wrong));
process.exit();
