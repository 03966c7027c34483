import { CONNECT, sqlOperation } from './operation.ts';
import { createTracedDriver } from './traced-driver.ts';

interface Message {
  readonly query?: string;
  readonly serverAddress?: string;
  readonly serverPort?: number;
}

/**
 * mysql2 3.20 and later. `mysql2:connect` is left alone: where it is watched, mysql2 adds an `error` listener to each new
 * connection, and the app is no longer told of errors that it does not listen for.
 */
export const mysql2 = createTracedDriver<Message>({
  name: 'mysql2',
  system: 'mysql',
  address: (message) => message.serverAddress,
  port: (message) => message.serverPort,
  channels: {
    'mysql2:query': { operation: (message) => sqlOperation(message.query) },
    'mysql2:execute': { operation: (message) => sqlOperation(message.query) },
    'mysql2:pool:connect': { operation: () => CONNECT, isWait: true },
  },
});
