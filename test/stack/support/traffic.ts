import { request } from 'node:http';
import type { App } from '../../support/app.ts';
import { call } from '../../support/call.ts';
import { freePort } from '../../support/free-port.ts';
import { waitForInFlight } from '../../support/outcome.ts';

/** What `sendTraffic` is counted as: method, path and status to how often. */
export const COUNTED = {
  // One of each by the app itself.
  'GET /users/:id 200': 9,
  'GET /users/:id 404': 3,
  'POST /orders 201': 3,
  'GET /broken 500': 2,
  'GET /never 499': 1,
  'GET /events 200': 1,
  'GET /call 200': 4,
  'GET unmatched 404': 2,
};

/** Some of everything that the shop can be asked, answered but for the last, which is left. */
export async function sendTraffic(app: App): Promise<void> {
  const get = (path: string) => call(app.url(path));
  const calls = (url: string) => get(`/call?url=${encodeURIComponent(url)}`);
  await Promise.all(Array.from({ length: 10 }, (_, i) => get(`/users/${i % 5}`)));
  for (let i = 0; i < 3; i++) await call(app.url('/orders'), { method: 'POST' }, '{}');
  for (let i = 0; i < 2; i++) await get('/broken');
  for (let i = 0; i < 2; i++) await get(`/wp-login-${i}.php`);
  await get('/events');
  // Outgoing calls are seen once the SDK is there; its start-up line says so.
  await app.waitForOutput(/metrics (at|pushed)/);
  const nobody = `http://127.0.0.1:${await freePort()}/`;
  for (const url of [app.url('/users/1'), app.url('/users/0'), nobody, nobody]) await calls(url);
  await leave(app, '/never');
}

/** Asks, and goes once the app has the request, before there is an answer. */
async function leave(app: App, path: string): Promise<void> {
  const leaving = request(app.url(path), { agent: false }).on('error', () => {});
  leaving.end();
  await waitForInFlight(app, 1);
  leaving.destroy();
}
