import { describe, expect, it } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { DATABASE_DRIVERS } from '../packages/tools.ts';
import { NODE_VERSIONS, OLDEST_NODE } from '../support/nodes.ts';
import { shared } from '../support/shared.ts';
import { record } from './support/record.ts';

const packages = shared(() => installPackages(DATABASE_DRIVERS));

/** Each Node with the newest version of a driver, and an old version with the oldest Node. */
const withOlder = (newest: string, ...older: string[]) => [
  ...NODE_VERSIONS.map((version) => [newest, version] as const),
  ...older.map((driver) => [driver, OLDEST_NODE] as const),
];

const PG = 'postgresql 127.0.0.1:PORT';
const PG_SOCKET = 'postgresql FOLDER';

describe.concurrent('pg', () => {
  it.for(withOlder('pg', 'pg-8.0'))('%s on Node %s', async ([driver, version], test) => {
    const recording = { app: 'pg.mjs', folder: packages(), driver, version, server: 'postgres' } as const;
    const { steps, open, seconds, waits } = await record(test, recording);
    expect({ steps, open }).toEqual({
      steps: {
        'connect of a client': [`${PG} connect`],
        'query that returns a promise': [`${PG} SELECT`],
        'query with values': [`${PG} SELECT`],
        'query with a callback': [`${PG} UPDATE`],
        'query that fails': [`${PG} INSERT 42P01`],
        'query with a callback that fails': [`${PG} DELETE 42P01`],
        'named statement': [`${PG} SELECT`],
        'two statements': [`${PG} VALUES`],
        'text that is not SQL': [`${PG} other 42601`],
        'three queries at once': [`${PG} SELECT`, `${PG} SHOW`, `${PG} SELECT`],
        'query object': [`${PG} SHOW`],
        'stream of rows': [`${PG} SELECT`],
        cursor: [`${PG} VALUES`],
        'query that takes too long': [`${PG} connect`, `${PG} SELECT Error`],
        'connection that breaks': [`${PG} SELECT 57P01`],
        'client that is closed': [],
        'pool that opens a connection': [`${PG_SOCKET} connect`, `${PG_SOCKET} SELECT`],
        'pool with a free connection': [`${PG_SOCKET} SELECT`],
        'connection of a pool': [`${PG_SOCKET} BEGIN`, `${PG_SOCKET} COMMIT`],
        'pool that was ended': [],
        'pool that cannot connect': ['postgresql 127.0.0.1:1 connect ECONNREFUSED'],
        'promise of a pool that cannot connect': ['postgresql 127.0.0.1:1 connect ECONNREFUSED'],
      },
      open: 0,
    });
    // The server slept for 0.1 s; so did the connection that two others waited for.
    expect(waits).toHaveLength(2);
    for (const measured of [seconds, ...(waits ?? [])]) {
      expect(measured).toBeGreaterThan(0.095);
      expect(measured).toBeLessThan(5);
    }
  });
});

describe.concurrent('postgres', () => {
  it.for(withOlder('postgres', 'postgres-3.0'))('%s on Node %s', async ([driver, version], test) => {
    const recording = { app: 'postgres.mjs', folder: packages(), driver, version, server: 'postgres' } as const;
    const { steps, open, seconds } = await record(test, recording);
    expect({ steps, open }).toEqual({
      steps: {
        'first query': [`${PG} SELECT`],
        query: [`${PG} SELECT`],
        'query that fails': [`${PG} INSERT 42P01`],
        text: [`${PG} SHOW`],
        'text that is not SQL': [`${PG} other 42601`],
        'query that begins with another one': [`${PG} SELECT`],
        transaction: [`${PG} BEGIN`, `${PG} UPDATE`, `${PG} COMMIT`],
        'transaction that is rolled back': [`${PG} BEGIN`, `${PG} SELECT`, `${PG} ROLLBACK`],
        cursor: [`${PG} SELECT`],
        'callback for each row': [`${PG} VALUES`],
        'five queries at once': [1, 2, 3, 4, 5].map(() => `${PG} SELECT`),
        file: [`${PG} EXPLAIN`],
        'query that is cancelled': [`${PG} SELECT 57014`],
        'query that nobody awaits': [],
        'other client': [`${PG} SELECT`],
        'client that was ended': [`${PG} SELECT CONNECTION_ENDED`],
        'client that cannot connect': ['postgresql 127.0.0.1:1 SELECT ECONNREFUSED'],
      },
      open: 0,
    });
    expect(seconds).toBeGreaterThan(0.095);
    expect(seconds).toBeLessThan(5);
  });
});

const MONGODB = 'mongodb localhost:PORT';

describe.concurrent('mongodb', () => {
  it.for(withOlder('mongodb', 'mongodb-6', 'mongodb-6.0', 'mongodb-5'))(
    '%s on Node %s',
    async ([driver, version], test) => {
      const recording = { app: 'mongodb.mjs', folder: packages(), driver, version, server: 'ferretdb' } as const;
      expect(await record(test, recording)).toEqual({
        steps: {
          connect: [],
          insertOne: [`${MONGODB} insert`],
          insertMany: [`${MONGODB} insert`],
          findOne: [`${MONGODB} find`],
          'find in batches': [`${MONGODB} find`, `${MONGODB} getMore`, `${MONGODB} getMore`, `${MONGODB} getMore`],
          updateOne: [`${MONGODB} update`],
          findOneAndUpdate: [`${MONGODB} findAndModify`],
          countDocuments: [`${MONGODB} aggregate`],
          distinct: [`${MONGODB} distinct`],
          bulkWrite: [`${MONGODB} insert`, `${MONGODB} delete`],
          createIndex: [`${MONGODB} createIndexes`],
          command: [`${MONGODB} ping`],
          'unknown command': [`${MONGODB} other 59`],
          // The command succeeds, and its answer says which documents were refused.
          'duplicate key': [`${MONGODB} insert`, `${MONGODB} insert`],
          'three calls at once': [`${MONGODB} find`, `${MONGODB} find`, `${MONGODB} find`],
          close: [`${MONGODB} endSessions`],
          socket: ['mongodb SOCKET ping'],
          // Nothing was sent.
          'client that cannot connect': [],
        },
        open: 0,
      });
    },
  );
});
