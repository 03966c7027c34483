import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchDriverFiles } from '../../../src/calls/databases/driver-files.ts';

it.each(['app-queue', 'pg-queue'])('finds a driver that a package requires only when it is used: %s', async (name) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'apm-driver-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = {
    'pg/index.js': 'exports.Client = require("./lib/client.js");',
    'pg/lib/client.js': 'module.exports = __filename;',
    [`${name}/index.js`]: 'exports.start = () => require("pg");',
  };
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, 'node_modules', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const client = join(folder, 'node_modules/pg/lib/client.js');
  // Modules of other tests stay loaded.
  const found: unknown[] = [];
  const note = (exports: unknown) => void (exports === client && found.push(exports));
  const file = { package: 'pg', path: '/lib/client.js', found: note };
  onTestFinished(watchDriverFiles([file]));
  const queue = createRequire(join(folder, 'app.js'))(name) as { start(): unknown };
  await new Promise(setImmediate);
  expect(found).toEqual([]);
  queue.start();
  await new Promise(setImmediate);
  expect(found).toEqual([client]);
});
