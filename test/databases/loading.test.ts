import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { run } from '../../stack/run.ts';
import { installPackages } from '../packages/install.ts';
import { DATABASE_DRIVERS } from '../packages/tools.ts';
import { NODE_VERSIONS, node, OLDEST_NODE } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import { shared } from '../support/shared.ts';
import { createAppFolder } from './support/app-folder.ts';
import { databaseServer } from './support/servers.ts';

const packages = shared(() => installPackages(DATABASE_DRIVERS));

const TSX = ['--import', pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href];
const fileUrl = (name: string) => pathToFileURL(join(root, 'test/databases/apps', name)).href;

/** How an app loads its drivers: before we watch, or later. A file of apps/loading, and the name that the app's file gets. */
const WAYS = {
  'import, later': { app: 'late.mjs', file: 'app.mjs', type: 'module', flags: [] },
  'require, later': { app: 'late.cjs', file: 'app.cjs', type: 'commonjs', flags: [] },
  'import under tsx, later': { app: 'late.mjs', file: 'app.ts', type: 'module', flags: TSX },
  'require without eval, before': {
    app: 'before.cjs',
    file: 'app.cjs',
    type: 'commonjs',
    flags: ['--disallow-code-generation-from-strings'],
  },
  'import, before': { app: 'before.mjs', file: 'app.mjs', type: 'module', flags: [] },
  'require, before': { app: 'before.cjs', file: 'app.cjs', type: 'commonjs', flags: [] },
  'import under tsx, before': { app: 'before.mjs', file: 'app.ts', type: 'module', flags: TSX },
  'require under tsx, before': { app: 'before.cjs', file: 'app.ts', type: 'commonjs', flags: TSX },
} as const;
type Way = keyof typeof WAYS;

/** On the oldest Node each way, and on each other Node those that depend on it. */
const CASES: [Way, (typeof NODE_VERSIONS)[number]][] = NODE_VERSIONS.flatMap((version) =>
  (Object.keys(WAYS) as Way[])
    .filter((way) => version === OLDEST_NODE || way.endsWith('later'))
    .map((way): [Way, typeof version] => [way, version]),
);

it.concurrent.for(CASES)('sees the first call of each driver: %s, on Node %s', async ([way, version], test) => {
  const { app, file, type, flags } = WAYS[way];
  const [postgres, mongodb] = [databaseServer('postgres', test), databaseServer('ferretdb', test)];
  const folder = await createAppFolder(packages(), type, { [file]: `loading/${app}` }, test);
  const { stdout, stderr } = await run(node(version), [...flags, file], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      RECORD: fileUrl('record.mjs'),
      USE: fileUrl('loading/use.mjs'),
      DATABASE: JSON.stringify(postgres),
      MONGODB: JSON.stringify(mongodb),
    },
  });
  const text = stdout.replaceAll(`:${postgres.port}`, ':PG').replaceAll(`:${mongodb.port}`, ':MONGO');
  expect(JSON.parse(text)).toEqual({
    calls: [
      'postgresql 127.0.0.1:PG connect',
      'postgresql 127.0.0.1:PG SELECT',
      'postgresql 127.0.0.1:PG UPDATE',
      'mongodb 127.0.0.1:MONGO find',
    ],
    open: 0,
  });
  expect(stderr).toBe('');
});
