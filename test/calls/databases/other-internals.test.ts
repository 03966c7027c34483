import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { DATABASE_DRIVERS } from '../../../src/calls/databases/index.ts';

/** A driver that has the patched method, and nothing else of what is known of it. `answer` is what the app calls. */
const DRIVERS: Record<string, { file: string; text: string; answer: (exports: never) => unknown }> = {
  'pg without a queue of queries': {
    file: 'pg/lib/client.js',
    text: 'module.exports = class { query() { return 1; } }',
    answer: (Client: new () => { query(text: string): unknown }) => new Client().query('SELECT 1'),
  },
  'pg with a queue that is no array': {
    file: 'pg/lib/client.js',
    text: 'module.exports = class { _queryQueue = { first: {} }; _activeQuery = "text"; query() { return 1; } }',
    answer: (Client: new () => { query(text: string): unknown }) => new Client().query('SELECT 1'),
  },
  'pg with queries that are told of their end in another way': {
    file: 'pg/lib/client.js',
    text: 'module.exports = class { _queryQueue = [{ text: "SELECT 1", end() {} }]; query() { return 1; } }',
    answer: (Client: new () => { query(text: string): unknown }) => new Client().query('SELECT 1'),
  },
  'mongodb with a command that has no arguments': {
    file: 'mongodb/lib/sdam/server.js',
    text: 'exports.Server = class { command() { return 1; } }',
    answer: ({ Server }: { Server: new () => { command(): unknown } }) => new Server().command(),
  },
  'postgres with other properties of a query': {
    file: 'postgres/cjs/src/query.js',
    text: 'exports.Query = class { canceller = () => {}; handle() { return 1; } }',
    answer: ({ Query }: { Query: new () => { handle(): unknown } }) => new Query().handle(),
  },
};

it.each(Object.entries(DRIVERS))('leaves a driver with other internals alone, and says nothing: %s', (_, driver) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'apm-driver-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'node_modules', driver.file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, driver.text);
  const exports = createRequire(file)(file) as never;
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const open = new Set<object>();
  const sink = { started: (call: object) => void open.add(call), ended: (call: object) => void open.delete(call) };
  const stops = DATABASE_DRIVERS.map((source) => source.watch({ sink, isIgnored: () => false, withDetails: false }));
  onTestFinished(() => {
    for (const stop of stops) stop();
    logged.mockRestore();
  });
  expect(driver.answer(exports)).toBe(1);
  expect([open.size, logged.mock.calls]).toEqual([0, []]);
});
