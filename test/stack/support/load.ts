import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '../../support/app.ts';
import { Client } from '../../support/client.ts';

/** Requests to one app, until it is told to stop. */
export interface Load {
  /** How many were sent. */
  readonly sent: number;
  /** Those that were not answered with 200, and why. */
  readonly failed: readonly string[];
  /** The longest that one took, milliseconds. */
  readonly slowest: number;
  /** Resolves when the last one has been answered. */
  stop(): Promise<void>;
}

/** Sends `GET /users/1` to an app some 50 times a second, one after the other. */
export function startLoad(app: App): Load {
  const client = new Client(1);
  const failed: string[] = [];
  let running = true;
  const load = { sent: 0, failed, slowest: 0, stop: () => stop() };
  const done = (async () => {
    while (running) {
      load.sent++;
      const since = performance.now();
      const status = await client.send(app.port, 'GET /users/1').catch((error: Error) => error.message);
      load.slowest = Math.max(load.slowest, performance.now() - since);
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
