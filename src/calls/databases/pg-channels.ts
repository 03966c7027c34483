import { sqlOperation } from './operation.ts';
import { createTracedDriver } from './traced-driver.ts';

interface Message {
  readonly query?: { readonly text?: unknown };
  readonly client?: { readonly host?: string; readonly port?: number | string };
}

let published = 0;

/** How many queries pg has published. Its patch leaves them to this source. */
export const publishedQueries = (): number => published;

/**
 * A pg that publishes its queries, in the form that node-postgres proposes.
 * @see https://github.com/brianc/node-postgres/pull/3650
 */
export const pgChannels = createTracedDriver<Message>({
  name: 'pg channels',
  system: 'postgresql',
  address: (message) => message.client?.host,
  port: (message) => message.client?.port,
  channels: {
    'pg:query': {
      operation(message) {
        published += 1;
        return sqlOperation(message.query?.text);
      },
    },
  },
});
