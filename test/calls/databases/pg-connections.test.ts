import { expect, it } from 'vitest';
import { Patches } from '../../../src/calls/databases/patches.ts';
import { PgConnections } from '../../../src/calls/databases/pg-connections.ts';

type Callback = (error: Error | null, client?: object) => void;

/** A pool of pg whose connections are opened after a turn, or at once, as those of a mock are. */
function createPool(opens: 'later' | 'at once') {
  class Pool {
    readonly idleCount = 0;
    readonly waitingCount = 0;
    readonly _clients = [{ host: 'db', port: 5432 }];
    newClient(callback: Callback): void {
      const connect = () => callback(null, this._clients[0]);
      if (opens === 'later') setImmediate(connect);
      else connect();
    }
    connect(callback: Callback): void {
      this.newClient(callback);
    }
  }
  const open = new Set<unknown>();
  const ended: string[] = [];
  const sink = {
    started: (call: object) => void open.add(call),
    ended(call: { target: { host: string; operation: string } }) {
      open.delete(call);
      ended.push(`${call.target.host} ${call.target.operation}`);
    },
  };
  new PgConnections({ sink, isIgnored: () => false, withDetails: false }, new Patches()).patchPool(Pool);
  const connect = () => new Promise((resolve) => new Pool().connect((_, client) => resolve(client)));
  return { connect, open, ended };
}

it('sees the wait for a connection that a pool opens', async () => {
  const { connect, open, ended } = createPool('later');
  expect(await connect()).toEqual({ host: 'db', port: 5432 });
  expect([ended, open.size]).toEqual([['db connect'], 0]);
});

it('sees no wait where a pool calls back at once, and leaves no call open', async () => {
  const { connect, open, ended } = createPool('at once');
  expect(await connect()).toEqual({ host: 'db', port: 5432 });
  expect([ended, open.size]).toEqual([[], 0]);
});
