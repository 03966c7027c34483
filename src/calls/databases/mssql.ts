import type { CallSource } from '../call-source.ts';
import { poolServer, watchMssqlPools } from './mssql-pools.ts';
import { CONNECT, sqlOperation } from './operation.ts';
import { createTracedDriver } from './traced-driver.ts';

/** Of a connect: the server. Of everything else: the number of the pool that has it. */
interface Message {
  readonly command?: unknown;
  readonly statement?: unknown;
  readonly poolId?: number;
  readonly server?: string;
  readonly port?: number;
}

/**
 * mssql 12.4 and later, which uses tedious. Its calls include the wait for a connection of the pool, so `mssql:pool:acquire`
 * would count that time twice.
 */
const channels = createTracedDriver<Message>({
  name: 'mssql',
  system: 'microsoft.sql_server',
  address: (message) => message.server ?? poolServer(message.poolId)?.server,
  port: (message) => message.port ?? poolServer(message.poolId)?.port,
  channels: {
    'mssql:connect': { operation: () => CONNECT },
    'mssql:query': { operation: (message) => sqlOperation(message.command) },
    'mssql:batch': { operation: (message) => sqlOperation(message.command) },
    // A stored procedure, and rows sent in bulk.
    'mssql:execute': { operation: () => 'EXECUTE' },
    'mssql:bulk': { operation: () => 'INSERT' },
    'mssql:prepared-statement:prepare': { operation: () => 'PREPARE' },
    'mssql:prepared-statement:execute': { operation: (message) => sqlOperation(message.statement) },
  },
});

export const mssql: CallSource = {
  name: channels.name,
  watch(options) {
    // Already watching where the app was started with the preload.
    watchMssqlPools();
    return channels.watch(options);
  },
};
