import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { get } from '../expose/get.ts';
import { type App, startApp } from '../support/app.ts';
import { call } from '../support/call.ts';
import { until } from '../support/exposition.ts';

/** Secrets that tell where they came from, should one be found. */
class Canaries {
  readonly #all: string[] = [];

  of(place: string): string {
    const canary = `c4nary${place}`;
    this.#all.push(canary);
    return canary;
  }

  /** Which of them are in a text, as they are or encoded. */
  in(text: string): string[] {
    const forms = (canary: string) => [canary, btoa(canary), Buffer.from(canary).toString('hex')];
    return this.#all.filter((canary) => forms(canary).some((form) => text.includes(form)));
  }
}

/** Takes pushes and keeps their bodies; or refuses them, and says all it was sent back. */
async function startEchoingReceiver() {
  const receiver = { refuses: false, bodies: '', refused: 0, port: 0 };
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    receiver.bodies += body.toString('latin1');
    response.statusCode = receiver.refuses ? 401 : 200;
    if (receiver.refuses) receiver.refused++;
    response.end(receiver.refuses ? `refused ${request.rawHeaders.join(' ')} ${request.url}` : '{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  receiver.port = (server.address() as AddressInfo).port;
  return receiver;
}

/** Requests with a secret wherever one may be, but for the path. */
async function sendSecrets(app: App, canaries: Canaries): Promise<void> {
  const headers = {
    authorization: `Bearer ${canaries.of('Bearer')}`,
    cookie: `session=${canaries.of('Cookie')}`,
    'x-api-key': canaries.of('Header'),
    [canaries.of('Name').toLowerCase()]: '1',
    referer: `http://shop.example/?q=${canaries.of('Referer')}`,
    'user-agent': canaries.of('Agent'),
    'content-type': `text/${canaries.of('Type')}`,
  };
  const query = `?token=${canaries.of('Query')}&${canaries.of('Key')}#${canaries.of('Fragment')}`;
  const { port } = app;
  for (const path of ['/users/1', '/missing', '/broken', '/call', `http://${canaries.of('User')}:pw@shop.example/a`]) {
    for (const method of ['GET', 'POST', 'PUT']) {
      const options = { host: '127.0.0.1', port, method, path: path + query, headers };
      await call(app.url(), options, method === 'GET' ? '' : canaries.of(`Body${method}`));
    }
  }
}

it('no query, header, body or token reaches a log, a label, the status or a push', async () => {
  const canaries = new Canaries();
  const receiver = await startEchoingReceiver();
  const token = canaries.of('Token');
  const [user, password] = [canaries.of('Pushuser'), canaries.of('Pushpassword')];
  const place = `127.0.0.1:${receiver.port}/v1/metrics`;
  const app = await startApp('test/apps/hostile/secrets.mjs', {
    env: {
      OTEL_LOG_LEVEL: 'all',
      APM_AUTH_TOKEN: token,
      APM_MAX_PATHS: '2',
      OTEL_METRICS_EXPORTER: 'otlp,prometheus',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `http://${user}:${password}@${place}?key=${canaries.of('Pushquery')}#${canaries.of('Pushfragment')}`,
      OTEL_EXPORTER_OTLP_HEADERS: `x-key=${canaries.of('Pushheader')},x-auth=Bearer%20${canaries.of('Pushbearer')}`,
      CALL: `http://${canaries.of('Calluser')}:${canaries.of('Callpassword')}@${place}?q=${canaries.of('Callquery')}`,
      HEADER: canaries.of('Callheader'),
    },
  });
  const url = await app.metricsUrl();
  await sendSecrets(app, canaries);
  const ask = (path: string, Authorization = `Bearer ${token}`) =>
    get(new URL(path, url).href, { headers: { Authorization } });
  const query = `?q=${canaries.of('Scrapequery')}`;
  await ask(`/metrics${query}`, `Bearer ${canaries.of('Wrongtoken')}`);
  await ask(`/elsewhere${query}`);
  const pushed = receiver.bodies.length;
  await until(
    () => receiver.bodies.length,
    (length) => length > pushed,
  );
  receiver.refuses = true;
  await until(
    () => receiver.refused,
    (refused) => refused > 2,
  );
  receiver.refuses = false;
  await app.waitForOutput(/pushes to \S+ succeed again/);
  const [scrape, status] = [await ask('/metrics'), await ask('/status')];
  expect([scrape.status, status.status]).toEqual([200, 200]);
  // All of it was measured.
  expect(scrape.text).toContain('http_client_duration_count{host="127.0.0.1",method="GET",status_code="200"} 6\n');
  expect(scrape.text).toContain('http_requests_total{path="unmatched",method="PUT",status_code="404"} 1\n');

  // The receiver is told who pushes by header; and what the app itself calls is the app's.
  const bodies = receiver.bodies;
  const said = { stdout: app.stdout, stderr: app.stderr, scrape: scrape.text, status: status.text, bodies };
  for (const [where, text] of Object.entries(said)) expect({ [where]: canaries.in(text) }).toEqual({ [where]: [] });
  expect(app.stderr).toContain(`failed to push metrics to http://${place}: Unauthorized (refused`);
  expect(app.stderr).toContain(`metrics pushed to http://${place} every 0.1 s\n`);
});

it('what is wrong with a setting is said without what it holds of secrets', async () => {
  const canaries = new Canaries();
  const app = await startApp('test/apps/hostile/secrets.mjs', {
    env: {
      OTEL_LOG_LEVEL: 'all',
      APM_AUTH_TOKEN: `${canaries.of('Token')} ${canaries.of('Token2')}`,
      APM_TOKEN: canaries.of('Misspelt'),
      OTEL_METRICS_EXPORTER: 'otlp,prometheus',
      OTEL_EXPORTER_OTLP_HEADERS: `x-key=${canaries.of('Header')},${canaries.of('Nopair')}`,
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: `x-key=%zz${canaries.of('Escape')}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${canaries.of('User')}:pa/${canaries.of('Slash')}@:4318?${canaries.of('Query')}`,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${canaries.of('User2')}:${canaries.of('Bare')}@collector:4318`,
      OTEL_EXPORTER_OTLP_CLIENT_KEY: `-----BEGIN PRIVATE KEY-----\n${canaries.of('Key')}`,
      APM_METRICS_PATH: `/metrics?key=${canaries.of('Path')}`,
    },
  });
  await sendSecrets(app, canaries);
  const url = await app.metricsUrl();
  const refused = await Promise.all(['/metrics', '/status'].map((path) => get(new URL(path, url).href)));
  expect(refused.map(({ status }) => status)).toEqual([401, 401]);
  const said = app.stderr.split('\n').filter((line) => line.includes('expected') || line.includes('no such'));
  expect(said.length).toBe(8);
  const answers = refused.map(({ text }) => text).join();
  expect(canaries.in(app.stderr + app.stdout + answers)).toEqual([]);
});
