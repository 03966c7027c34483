import { CONNECT, redisOperation } from './operation.ts';
import { createTracedDriver } from './traced-driver.ts';

interface Message {
  readonly command?: string;
  readonly batchMode?: string;
  readonly serverAddress?: string;
  readonly serverPort?: number;
}

/** Both clients of Redis publish the same messages. */
const redisDriver = (name: string) =>
  createTracedDriver<Message>({
    name,
    system: 'redis',
    address: (message) => message.serverAddress,
    port: (message) => message.serverPort,
    channels: {
      [`${name}:command`]: { operation: (message) => redisOperation(message.command) },
      [`${name}:batch`]: {
        operation: (message) => (message.batchMode === 'PIPELINE' ? 'PIPELINE' : 'MULTI'),
        hasParts: true,
      },
      [`${name}:connect`]: { operation: () => CONNECT },
    },
  });

/**
 * ioredis 5.11 and later. It publishes a transaction as one batch, and each command of a pipeline. It publishes a command when
 * it is written to the connection: one that waited for the connection, or for the pipeline of `enableAutoPipelining`, starts in
 * the context of what made them be written.
 */
export const ioredis = redisDriver('ioredis');

/**
 * redis and @redis/client 5.12 and later. It publishes pipelines and transactions as one batch. A command that waited for a
 * connection of `createClientPool` starts in the context of the request that gave the connection back.
 */
export const nodeRedis = redisDriver('node-redis');
