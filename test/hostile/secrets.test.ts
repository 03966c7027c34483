import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { get } from '../expose/get.ts';
import { type App, startApp } from '../support/app.ts';
import { call } from '../support/call.ts';
import { until } from '../support/exposition.ts';

/** Secrets that have their origin in their name, so that a failure shows where one leaked from. */
class Canaries {
  readonly #all: string[] = [];

  create(origin: string): string {
    const canary = `c4nary${origin}`;
    this.#all.push(canary);
    return canary;
  }

  /** Finds the canaries in a text: as they are, in base64 or in hex. */
  findIn(text: string): string[] {
    // In lower case too, as Node has the names of headers.
    const forms = (canary: string) => [canary, canary.toLowerCase(), btoa(canary), Buffer.from(canary).toString('hex')];
    return this.#all.filter((canary) => forms(canary).some((form) => text.includes(form)));
  }
}

/** Starts a receiver that keeps the bodies of pushes. When it refuses a push, it sends all headers and the URL back. */
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

/** Sends requests with a secret in every part except the path. */
async function sendSecrets(app: App, canaries: Canaries): Promise<void> {
  const headers = {
    authorization: `Bearer ${canaries.create('Bearer')}`,
    cookie: `session=${canaries.create('Cookie')}`,
    'x-api-key': canaries.create('Header'),
    [canaries.create('Name').toLowerCase()]: '1',
    referer: `http://shop.example/?q=${canaries.create('Referer')}`,
    'user-agent': canaries.create('Agent'),
    'content-type': `text/${canaries.create('Type')}`,
  };
  const query = `?token=${canaries.create('Query')}&${canaries.create('Key')}#${canaries.create('Fragment')}`;
  const { port } = app;
  for (const path of [
    '/users/1',
    '/missing',
    '/broken',
    '/call',
    `http://${canaries.create('User')}:pw@shop.example/a`,
  ]) {
    for (const method of ['GET', 'POST', 'PUT']) {
      const options = { host: '127.0.0.1', port, method, path: path + query, headers };
      await call(app.url(), options, method === 'GET' ? '' : canaries.create(`Body${method}`));
    }
  }
}

it('no query, header, body or token reaches a log, a label, the status or a push', async () => {
  const canaries = new Canaries();
  const receiver = await startEchoingReceiver();
  const token = canaries.create('Token');
  const [user, password] = [canaries.create('Pushuser'), canaries.create('Pushpassword')];
  const address = `127.0.0.1:${receiver.port}/v1/metrics`;
  const app = await startApp('test/apps/hostile/secrets.mjs', {
    env: {
      OTEL_LOG_LEVEL: 'all',
      APM_AUTH_TOKEN: token,
      APM_MAX_PATHS: '2',
      OTEL_METRICS_EXPORTER: 'otlp,prometheus',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `http://${user}:${password}@${address}?key=${canaries.create('Pushquery')}#${canaries.create('Pushfragment')}`,
      OTEL_EXPORTER_OTLP_HEADERS: `x-key=${canaries.create('Pushheader')},x-auth=Bearer%20${canaries.create('Pushbearer')}`,
      CALL: `http://${canaries.create('Calluser')}:${canaries.create('Callpassword')}@${address}?q=${canaries.create('Callquery')}`,
      HEADER: canaries.create('Callheader'),
    },
  });
  const url = await app.metricsUrl();
  await sendSecrets(app, canaries);
  const ask = (path: string, Authorization = `Bearer ${token}`) =>
    get(new URL(path, url).href, { headers: { Authorization } });
  const query = `?q=${canaries.create('Scrapequery')}`;
  await ask(`/metrics${query}`, `Bearer ${canaries.create('Wrongtoken')}`);
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
  // All requests and calls were measured.
  const calls = `http_client_duration_count{host="127.0.0.1:${receiver.port}",method="GET",status_code="200"} 6\n`;
  expect(scrape.text).toContain(calls);
  expect(scrape.text).toContain('http_requests_total{path="unmatched",method="PUT",status_code="404"} 1\n');

  // Not checked: the headers of pushes, which authenticate to the receiver, and the calls, which the app itself sends.
  const bodies = receiver.bodies;
  const outputs = { stdout: app.stdout, stderr: app.stderr, scrape: scrape.text, status: status.text, bodies };
  for (const [output, text] of Object.entries(outputs)) {
    expect({ [output]: canaries.findIn(text) }).toEqual({ [output]: [] });
  }
  expect(app.stderr).toContain(`failed to push metrics to http://${address}: Unauthorized (refused`);
  expect(app.stderr).toContain(`metrics pushed to http://${address} every 0.1 s\n`);
});

it('reports an invalid setting without the secrets in its value', async () => {
  const canaries = new Canaries();
  const app = await startApp('test/apps/hostile/secrets.mjs', {
    env: {
      OTEL_LOG_LEVEL: 'all',
      APM_AUTH_TOKEN: `${canaries.create('Token')} ${canaries.create('Token2')}`,
      APM_TOKEN: canaries.create('Misspelt'),
      OTEL_METRICS_EXPORTER: 'otlp,prometheus',
      OTEL_EXPORTER_OTLP_HEADERS: `x-key=${canaries.create('Header')},${canaries.create('Nopair')}`,
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: `x-key=%zz${canaries.create('Escape')}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${canaries.create('User')}:pa/${canaries.create('Slash')}@:4318?${canaries.create('Query')}`,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${canaries.create('User2')}:${canaries.create('Bare')}@collector:4318`,
      OTEL_EXPORTER_OTLP_CLIENT_KEY: `-----BEGIN PRIVATE KEY-----\n${canaries.create('Key')}`,
      APM_METRICS_PATH: `/metrics?key=${canaries.create('Path')}`,
    },
  });
  await sendSecrets(app, canaries);
  const url = await app.metricsUrl();
  const refused = await Promise.all(['/metrics', '/status'].map((path) => get(new URL(path, url).href)));
  expect(refused.map(({ status }) => status)).toEqual([401, 401]);
  const reports = app.stderr.split('\n').filter((line) => line.includes('expected') || line.includes('no such'));
  expect(reports.length).toBe(8);
  const answers = refused.map(({ text }) => text).join();
  expect(canaries.findIn(app.stderr + app.stdout + answers)).toEqual([]);
});
