import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { run } from '../../stack/run.ts';
import { installPackages } from '../packages/install.ts';
import { OBJECT_MAPPERS } from '../packages/tools.ts';
import { NODE_VERSIONS, type NodeVersion, OLDEST_NODE } from '../support/nodes.ts';
import { shared } from '../support/shared.ts';
import { createAppFolder } from './support/app-folder.ts';
import { type Recorded, record } from './support/record.ts';

const NEWEST_NODE = NODE_VERSIONS.at(-1) as NodeVersion;

const setup = shared(async () => {
  const packages = await installPackages(OBJECT_MAPPERS);
  const folder = await createAppFolder(packages, 'commonjs', {
    'schema.prisma': 'prisma/schema.prisma',
    'prisma.config.mjs': 'prisma/prisma.config.mjs',
  });
  const generate = [join(packages, 'node_modules/prisma/build/index.js'), 'generate'];
  // It would download a program for migrations, of which it needs nothing here but that it is there.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' };
  await run(process.execPath, generate, { cwd: folder, env });
  return { packages, client: join(folder, 'generated') };
}, 120_000);

/** By object mapper, the statements of its transaction. */
const TRANSACTIONS = {
  'Drizzle on pg': ['BEGIN', 'DELETE', 'COMMIT'],
  'Drizzle on postgres': ['BEGIN', 'DELETE', 'COMMIT'],
  Knex: ['BEGIN', 'DELETE', 'COMMIT'],
  // It sends the only statement of a transaction by itself.
  Prisma: ['DELETE'],
  Sequelize: ['START', 'DELETE', 'COMMIT'],
  TypeORM: ['START', 'DELETE', 'COMMIT'],
};

describe.each([OLDEST_NODE, NEWEST_NODE])('on Node %s', (version) => {
  /** One process for all of them. */
  let recorded: Promise<Record<string, Recorded>> | undefined;
  const recordAll = (test: TestContext) => {
    const { packages: folder, client } = setup();
    const env = { PRISMA_CLIENT: client };
    recorded ??= record(test, { app: 'mappers.mjs', folder, driver: 'pg', version, server: 'postgres', env });
    return recorded;
  };

  it.for(Object.entries(TRANSACTIONS))(
    'sees the calls of %s through its driver',
    async ([mapper, statements], test) => {
      const calls = (...operations: string[]) =>
        operations.map((operation) => `postgresql 127.0.0.1:PORT ${operation}`);
      expect((await recordAll(test))[mapper]).toEqual({
        steps: {
          insert: calls('INSERT'),
          find: calls('SELECT'),
          transaction: calls(...statements),
          failing: calls('SELECT 42P01'),
        },
        open: 0,
      });
    },
  );
});
