import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '../../support/app.ts';
import { Client } from '../../support/client.ts';

/** Requests to one app, until `stop` is called. */
export interface Load {
  /** How many were sent. */
  readonly sent: number;
  /** The status or error of each request that was not answered with 200. */
  readonly failed: readonly string[];
  /** The duration of the slowest request. */
  readonly slowestMs: number;
  /** Resolves when the last request has been answered. */
  stop(): Promise<void>;
}

/** Sends `GET /users/1` to an app about 50 times a second, one request after the other. */
export function startLoad(app: App): Load {
  const client = new Client(1);
  const failed: string[] = [];
  let running = true;
  const load = { sent: 0, failed, slowestMs: 0, stop: () => stop() };
  const done = (async () => {
    while (running) {
      load.sent++;
      const since = performance.now();
      const status = await client.send(app.port, 'GET /users/1').catch((error: Error) => error.message);
      load.slowestMs = Math.max(load.slowestMs, performance.now() - since);
      if (status !== 200) failed.push(String(status));
      await wait(20);
    }
  })();
  const stop = async () => {
    running = false;
    await done;
    client.close();
  };
  return load;
}
