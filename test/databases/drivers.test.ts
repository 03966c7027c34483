import { describe, expect, it, type TestContext } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { DATABASE_DRIVERS } from '../packages/tools.ts';
import { NODE_VERSIONS, type NodeVersion, OLDEST_NODE } from '../support/nodes.ts';
import { shared } from '../support/shared.ts';
import type { DatabaseName } from './support/programs.ts';
import { record } from './support/record.ts';

const packages = shared(() => installPackages(DATABASE_DRIVERS));

/** Runs an app with a driver. */
const recordDriver = (test: TestContext, app: string, driver: string, version: NodeVersion, server?: DatabaseName) =>
  record(test, { app, folder: packages(), driver, version, ...(server && { server }) });

/** Each Node with the newest version of a driver, and the oldest version that publishes its calls with the oldest Node. */
const withOldest = (newest: string, oldest: string) => [
  ...NODE_VERSIONS.map((version) => [newest, version] as const),
  [oldest, OLDEST_NODE] as const,
];

describe.concurrent('mysql2', () => {
  it.for(withOldest('mysql2', 'mysql2-3.20'))('%s on Node %s', async ([driver, version], test) => {
    const { steps, open, seconds, wait } = await recordDriver(test, 'mysql2.mjs', driver, version, 'mariadb');
    expect(steps).toEqual({
      'query with a callback': ['mysql 127.0.0.1:PORT SELECT'],
      'execute with a callback': ['mysql 127.0.0.1:PORT INSERT'],
      'query that fails': ['mysql 127.0.0.1:PORT SELECT ER_NO_SUCH_TABLE'],
      'execute that fails': ['mysql 127.0.0.1:PORT DELETE ER_NO_SUCH_TABLE'],
      'query that is read as a stream': ['mysql 127.0.0.1:PORT SELECT'],
      'query that returns a promise': ['mysql 127.0.0.1:PORT UPDATE ER_NO_SUCH_TABLE'],
      'three queries at once': [
        'mysql 127.0.0.1:PORT SELECT',
        'mysql 127.0.0.1:PORT SET',
        'mysql 127.0.0.1:PORT SELECT',
      ],
      'query of a pool that has no connection yet': ['mysql SOCKET connect', 'mysql SOCKET SELECT'],
      'query of a pool': ['mysql SOCKET SELECT'],
      'execute of a pool': ['mysql SOCKET SELECT'],
      'query of a pool whose connection is in use': ['mysql SOCKET SELECT', 'mysql SOCKET connect', 'mysql SOCKET SET'],
      'pool that cannot connect': ['mysql 127.0.0.1:1 connect ECONNREFUSED'],
    });
    expect(open).toBe(0);
    // The server slept for 0.1 s; so did a connection that another query waited for.
    for (const measured of [seconds, wait]) {
      expect(measured).toBeGreaterThan(0.095);
      expect(measured).toBeLessThan(5);
    }
  });
});

describe.concurrent('ioredis', () => {
  it.for(withOldest('ioredis', 'ioredis-5'))('%s on Node %s', async ([driver, version], test) => {
    const { steps, open } = await recordDriver(test, 'redis.mjs', driver, version, 'redis');
    expect({ steps, open }).toEqual({
      steps: {
        connect: ['redis 127.0.0.1:PORT connect'],
        set: ['redis 127.0.0.1:PORT SET'],
        get: ['redis 127.0.0.1:PORT GET'],
        unknown: ['redis 127.0.0.1:PORT other ReplyError'],
        failing: ['redis 127.0.0.1:PORT LPUSH ReplyError'],
        pipeline: ['redis 127.0.0.1:PORT SET', 'redis 127.0.0.1:PORT GET'],
        transaction: ['redis 127.0.0.1:PORT MULTI'],
        'three commands at once': ['redis 127.0.0.1:PORT GET', 'redis 127.0.0.1:PORT SET', 'redis 127.0.0.1:PORT GET'],
        'get through a socket': ['redis SOCKET GET'],
        'connection that is refused': ['redis 127.0.0.1:1 connect Error'],
      },
      open: 0,
    });
  });
});

describe.concurrent('node-redis', () => {
  it.for(withOldest('@redis/client', '@redis/client-5'))('%s on Node %s', async ([driver, version], test) => {
    const { steps, open } = await recordDriver(test, 'redis.mjs', driver, version, 'redis');
    expect({ steps, open }).toEqual({
      steps: {
        connect: ['redis 127.0.0.1:PORT connect'],
        set: ['redis 127.0.0.1:PORT SET'],
        get: ['redis 127.0.0.1:PORT GET'],
        unknown: ['redis 127.0.0.1:PORT other SimpleError'],
        failing: ['redis 127.0.0.1:PORT LPUSH SimpleError'],
        pipeline: ['redis 127.0.0.1:PORT PIPELINE'],
        transaction: ['redis 127.0.0.1:PORT MULTI'],
        'three commands at once': ['redis 127.0.0.1:PORT GET', 'redis 127.0.0.1:PORT SET', 'redis 127.0.0.1:PORT GET'],
        'get through a socket': ['redis SOCKET GET'],
        'connection that is refused': ['redis 127.0.0.1:1 connect ECONNREFUSED'],
      },
      open: 0,
    });
  });
});

describe.concurrent('mssql', () => {
  it.for(NODE_VERSIONS)('on Node %s', async (version, test) => {
    const { steps, open } = await recordDriver(test, 'mssql.mjs', 'mssql', version);
    expect({ steps, open }).toEqual({
      steps: {
        query: ['microsoft.sql_server 127.0.0.1:PORT SELECT'],
        'query of a template': ['microsoft.sql_server 127.0.0.1:PORT SELECT'],
        'query with a parameter': ['microsoft.sql_server 127.0.0.1:PORT UPDATE'],
        'query with a callback': ['microsoft.sql_server 127.0.0.1:PORT DELETE'],
        'query that fails': ['microsoft.sql_server 127.0.0.1:PORT SELECT EREQUEST'],
        batch: ['microsoft.sql_server 127.0.0.1:PORT CREATE'],
        'stored procedure': ['microsoft.sql_server 127.0.0.1:PORT EXECUTE'],
        transaction: ['microsoft.sql_server 127.0.0.1:PORT INSERT'],
        'pool that was connected before anything was watched': ['microsoft.sql_server other SELECT'],
        'another pool': ['microsoft.sql_server 127.0.0.1:PORT connect', 'microsoft.sql_server 127.0.0.1:PORT SELECT'],
        'connection that is refused': ['microsoft.sql_server 127.0.0.1:1 connect ESOCKET'],
      },
      open: 0,
    });
  });
});

const MONGODB = 'mongodb 127.0.0.1:PORT';

describe.concurrent('mongoose', () => {
  it.for(NODE_VERSIONS)('on Node %s, each command once', async (version, test) => {
    const { steps, open } = await recordDriver(test, 'mongoose.mjs', 'mongoose', version, 'ferretdb');
    expect({ steps, open }).toEqual({
      steps: {
        find: [`${MONGODB} find`],
        findOne: [`${MONGODB} find`],
        save: [`${MONGODB} insert`],
        create: [`${MONGODB} insert`],
        updateOne: [`${MONGODB} update`],
        findOneAndDelete: [`${MONGODB} findAndModify`],
        countDocuments: [`${MONGODB} aggregate`],
        aggregate: [`${MONGODB} aggregate`],
        insertMany: [`${MONGODB} insert`],
        bulkWrite: [`${MONGODB} delete`],
      },
      open: 0,
    });
  });

  it.for(NODE_VERSIONS)('on Node %s, by what it publishes', async (version, test) => {
    const env = { DRIVERS: 'mongoose' };
    const recording = { app: 'mongoose.mjs', folder: packages(), driver: 'mongoose', version, env } as const;
    const { steps, open } = await record(test, { ...recording, server: 'ferretdb' });
    expect({ steps, open }).toEqual({
      steps: {
        find: [`${MONGODB} find`],
        findOne: [`${MONGODB} find`],
        save: [`${MONGODB} save`],
        create: [`${MONGODB} save`],
        updateOne: [`${MONGODB} update`],
        findOneAndDelete: [`${MONGODB} findAndModify`],
        countDocuments: [`${MONGODB} aggregate`],
        aggregate: [`${MONGODB} aggregate`],
        insertMany: [`${MONGODB} insert`],
        bulkWrite: [`${MONGODB} bulkWrite`],
      },
      open: 0,
    });
  });
});
