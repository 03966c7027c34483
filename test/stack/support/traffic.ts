import { request } from 'node:http';
import type { App } from '../../support/app.ts';
import { call } from '../../support/call.ts';
import { freePort } from '../../support/free-port.ts';
import { waitForInFlight } from '../../support/outcome.ts';

/** The counts of `sendTraffic` by method, path and status. */
export const EXPECTED_COUNTS = {
  // The app sends one request of each of these two itself.
  'GET /users/:id 200': 9,
  'GET /users/:id 404': 3,
  'POST /orders 201': 3,
  'GET /broken 500': 2,
  'GET /never 499': 1,
  'GET /events 200': 1,
  'GET /call 200': 4,
  'GET unmatched 404': 2,
};

/** Sends every kind of request to the shop. The client aborts the last one before it is answered. */
export async function sendTraffic(app: App): Promise<void> {
  const get = (path: string) => call(app.url(path));
  const calls = (url: string) => get(`/call?url=${encodeURIComponent(url)}`);
  await Promise.all(Array.from({ length: 10 }, (_, i) => get(`/users/${i % 5}`)));
  for (let i = 0; i < 3; i++) await call(app.url('/orders'), { method: 'POST' }, '{}');
  for (let i = 0; i < 2; i++) await get('/broken');
  for (let i = 0; i < 2; i++) await get(`/wp-login-${i}.php`);
  await get('/events');
  // Outgoing calls are counted once the SDK is loaded. The start-up line appears then.
  await app.waitForOutput(/metrics (at|pushed)/);
  const unreachable = `http://127.0.0.1:${await freePort()}/`;
  for (const url of [app.url('/users/1'), app.url('/users/0'), unreachable, unreachable]) await calls(url);
  await abortRequest(app, '/never');
}

/** Sends a request, and aborts it when the app has received it and not answered. */
async function abortRequest(app: App, path: string): Promise<void> {
  const leaving = request(app.url(path), { agent: false }).on('error', () => {});
  leaving.end();
  await waitForInFlight(app, 1);
  leaving.destroy();
}
