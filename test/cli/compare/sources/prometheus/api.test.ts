import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PrometheusApi } from '../../../../../src/cli/compare/sources/prometheus/api.ts';
import { needs } from '../../../../stack/support/needs.ts';
import { runPrometheus } from '../../../../stack/support/run.ts';

const take = needs('prometheus', 'system-prometheus');

/** A server that answers all in one way; its address, `host:port`. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What becomes of asking it. */
const said = (url: string, token?: string) =>
  new PrometheusApi(url, token).value('up', 1000).catch((error: Error) => `${error.name}: ${error.message}`);

const answering = (status: number, body: unknown, type = 'application/json'): RequestListener => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (_request, response) => response.writeHead(status, { 'Content-Type': type }).end(text);
};

describe.each(['prometheus', 'system-prometheus'] as const)('%s', (name) => {
  it('its own message is handed on', async (test) => {
    const prometheus = await runPrometheus({ program: take(name, test), config: { scrape_configs: [] } });
    const api = new PrometheusApi(prometheus.url, undefined);
    const message = (asked: Promise<unknown>) => asked.catch((error: Error) => `${error.name}: ${error.message}`);
    expect(await message(api.value('up{', 1000))).toMatch(
      new RegExp(
        `^BadInput: ${prometheus.url} says: invalid parameter "query": .*parse error: unexpected end of input`,
      ),
    );
    expect(await message(api.stored('up', 1000, 1_000_000))).toEqual([]);
    expect(await message(api.labelValues('job', '{', 1, 2))).toMatch(
      new RegExp(`^BadInput: ${prometheus.url} says: .*parse error`),
    );
  });
});

it('sends a token, or the user of the URL, and to a path below the one that it is given', async () => {
  const asked: unknown[] = [];
  const answer = answering(200, {
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: {}, value: [1, '+Inf'] }] },
  });
  const host = await serve((request, response) => {
    asked.push([request.method, request.url, request.headers.authorization]);
    answer(request, response);
  });
  expect(await said(host)).toBe(Number.POSITIVE_INFINITY);
  expect(await said(`http://${host}/prometheus/`, 's3cret')).toBe(Number.POSITIVE_INFINITY);
  expect(await said(`http://ann:p%40ss@${host}`)).toBe(Number.POSITIVE_INFINITY);
  expect(asked).toEqual([
    ['POST', '/api/v1/query', undefined],
    ['POST', '/prometheus/api/v1/query', 'Bearer s3cret'],
    ['POST', '/api/v1/query', `Basic ${Buffer.from('ann:p@ss').toString('base64')}`],
  ]);
});

it('says in one line what is wrong with what answers, and never what it was asked with', async () => {
  const HTML = '<html>\n<h1>Grafana</h1></html>';
  const locked = await serve(answering(401, 'Unauthorized\n', 'text/plain'));
  expect(await said(`http://ann:s3cret@${locked}`)).toBe(
    `BadInput: http://${locked} refuses who asks (401); APM_PROMETHEUS_TOKEN has a bearer token, or the URL a user: http://USER:PASSWORD@...`,
  );
  const page = await serve(answering(404, HTML, 'text/html'));
  expect(await said(`${page}/d`)).toBe(
    `BadInput: http://${page}/d is no Prometheus: it answers 404 Not Found at /api/v1/query; give the URL without a path, or with the prefix that it has`,
  );
  const other = await serve(answering(200, { ok: true }));
  expect(await said(other)).toBe(
    `BadInput: http://${other} is no Prometheus: it answers 200 OK at /api/v1/query; give the URL without a path, or with the prefix that it has`,
  );
  const busy = await serve(
    answering(503, { status: 'error', errorType: 'timeout', error: 'query timed out\nin query queue' }),
  );
  expect(await said(busy)).toBe(
    `TooMuch: http://${busy} says: query timed out in query queue; ask for less: --job, --path, or a shorter range`,
  );
  const gone = await serve((request) => request.destroy());
  expect(await said(gone)).toMatch(
    new RegExp(
      `^BadInput: http://${gone} is not reachable: .+; give the URL that Prometheus is at: --prometheus http://localhost:9090$`,
    ),
  );
  expect(await said('http://no-such-host.invalid:9090')).toBe(
    'BadInput: http://no-such-host.invalid:9090 is not reachable: there is no host of that name; give the URL that Prometheus is at: --prometheus http://localhost:9090',
  );
});

it.each(['localhost', 'ftp://localhost', 'http://', '9090', 'ann:s3cret@localhost:9090'])(
  'refuses what is no URL: %s',
  (given) => {
    const shown = given.includes('@') ? '...@localhost:9090' : given;
    expect(() => new PrometheusApi(given, undefined)).toThrow(
      new Error(`--prometheus: expected a URL such as http://localhost:9090; got ${JSON.stringify(shown)}`),
    );
  },
);

it.each([{ result: [{}] }, { result: 'abc' }, { resultType: 'vector' }, { result: [{ value: [1, 2] }] }, [1]])(
  'says in one line that something else answers in the way of Prometheus: %j',
  async (data) => {
    const host = await serve(answering(200, { status: 'success', data }));
    expect(await said(host)).toBe(
      `BadInput: http://${host} is no Prometheus: it answers something else than its HTTP API does; give the URL that Prometheus is at`,
    );
  },
);

it('a gateway that fails is not called another service', async () => {
  const host = await serve(answering(502, '<html>', 'text/html'));
  expect(await said(host)).toBe(
    `BadInput: http://${host} answers 502 Bad Gateway; try again when it is well, or ask for less: --job, --path`,
  );
});

it('never says a token that cannot be sent, and sends none that is empty', async () => {
  for (const token of ['s3cret\nx', 's3cret€']) {
    expect(() => new PrometheusApi('localhost:1', token)).toThrow(
      new Error('APM_PROMETHEUS_TOKEN: expected a bearer token, without blanks'),
    );
  }
  expect(() => new PrometheusApi('http://ann:s3cret%zz@localhost', undefined)).toThrow(
    new Error('--prometheus: expected user and password percent-encoded; a percent sign is %25'),
  );
  const asked: unknown[] = [];
  const host = await serve((request, response) => {
    asked.push(request.headers.authorization);
    answering(200, { status: 'success', data: { result: [] } })(request, response);
  });
  await said(host, ' ');
  await said(host, 's3cret\n');
  expect(asked).toEqual([undefined, 'Bearer s3cret']);
});
