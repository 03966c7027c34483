import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PrometheusApi } from '../../../../../src/cli/compare/sources/prometheus/api.ts';
import { needPrograms } from '../../../../stack/support/needed-programs.ts';
import { runPrometheus } from '../../../../stack/support/run.ts';

const take = needPrograms('prometheus', 'system-prometheus');

/** Starts a server with one answer. @returns `host:port` */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The result of a query, or the error. */
const query = (url: string, token?: string) =>
  new PrometheusApi(url, token).queryValue('up', 1000).catch((error: Error) => `${error.name}: ${error.message}`);

const answering = (status: number, body: unknown, type = 'application/json'): RequestListener => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (_request, response) => response.writeHead(status, { 'Content-Type': type }).end(text);
};

describe.each(['prometheus', 'system-prometheus'] as const)('with %s', (name) => {
  it('passes on the error messages of Prometheus', async (test) => {
    const prometheus = await runPrometheus({ program: take(name, test), config: { scrape_configs: [] } });
    const api = new PrometheusApi(prometheus.url, undefined);
    const message = (result: Promise<unknown>) => result.catch((error: Error) => `${error.name}: ${error.message}`);
    expect(await message(api.queryValue('up{', 1000))).toMatch(
      new RegExp(
        `^InputError: ${prometheus.url} answers: invalid parameter "query": .*parse error: unexpected end of input`,
      ),
    );
    expect(await message(api.querySamples('up', 1000, 1_000_000))).toEqual([]);
    expect(await message(api.queryLabelValues('job', '{', 1, 2))).toMatch(
      new RegExp(`^InputError: ${prometheus.url} answers: .*parse error`),
    );
  });
});

it('sends a token, or the user and the password of the URL, and keeps the path of the URL', async () => {
  const requests: unknown[] = [];
  const answer = answering(200, {
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: {}, value: [1, '+Inf'] }] },
  });
  const host = await serve((request, response) => {
    requests.push([request.method, request.url, request.headers.authorization]);
    answer(request, response);
  });
  expect(await query(host)).toBe(Number.POSITIVE_INFINITY);
  expect(await query(`http://${host}/prometheus/`, 's3cret')).toBe(Number.POSITIVE_INFINITY);
  expect(await query(`http://ann:p%40ss@${host}`)).toBe(Number.POSITIVE_INFINITY);
  expect(requests).toEqual([
    ['POST', '/api/v1/query', undefined],
    ['POST', '/prometheus/api/v1/query', 'Bearer s3cret'],
    ['POST', '/api/v1/query', `Basic ${Buffer.from('ann:p@ss').toString('base64')}`],
  ]);
});

it('reports a wrong answer in one line, without the credentials', async () => {
  const HTML = '<html>\n<h1>Grafana</h1></html>';
  const locked = await serve(answering(401, 'Unauthorized\n', 'text/plain'));
  expect(await query(`http://ann:s3cret@${locked}`)).toBe(
    `InputError: http://${locked} requires valid credentials (401); set APM_PROMETHEUS_TOKEN, or put them into the URL: http://USER:PASSWORD@...`,
  );
  const page = await serve(answering(404, HTML, 'text/html'));
  expect(await query(`${page}/d`)).toBe(
    `InputError: http://${page}/d is not Prometheus: it answers 404 Not Found at /api/v1/query; give its URL, with a path only where it has a prefix`,
  );
  const other = await serve(answering(200, { ok: true }));
  expect(await query(other)).toBe(
    `InputError: http://${other} is not Prometheus: it answers 200 OK at /api/v1/query; give its URL, with a path only where it has a prefix`,
  );
  const busy = await serve(
    answering(503, { status: 'error', errorType: 'timeout', error: 'query timed out\nin query queue' }),
  );
  expect(await query(busy)).toBe(
    `QueryTooLarge: http://${busy} answers: query timed out in query queue; ask for less: --job, --path, or a shorter range`,
  );
  const gone = await serve((request) => request.destroy());
  expect(await query(gone)).toMatch(
    new RegExp(
      `^InputError: http://${gone} is not reachable: .+; give the URL of Prometheus: --prometheus http://localhost:9090$`,
    ),
  );
  expect(await query('http://no-such-host.invalid:9090')).toBe(
    'InputError: http://no-such-host.invalid:9090 is not reachable: unknown host; give the URL of Prometheus: --prometheus http://localhost:9090',
  );
});

it.each(['localhost', 'ftp://localhost', 'http://', '9090', 'ann:s3cret@localhost:9090'])(
  'refuses an invalid URL: %s',
  (url) => {
    const shown = url.includes('@') ? '...@localhost:9090' : url;
    expect(() => new PrometheusApi(url, undefined)).toThrow(
      new Error(`--prometheus: expected a URL such as http://localhost:9090; got ${JSON.stringify(shown)}`),
    );
  },
);

it.each([{ result: [{}] }, { result: 'abc' }, { resultType: 'vector' }, { result: [{ value: [1, 2] }] }, [1]])(
  'reports in one line that an answer does not fit the HTTP API: %j',
  async (data) => {
    const host = await serve(answering(200, { status: 'success', data }));
    expect(await query(host)).toBe(
      `InputError: http://${host} is not Prometheus: its answer does not fit the HTTP API; give the URL of Prometheus`,
    );
  },
);

it('reports a failing gateway as such', async () => {
  const host = await serve(answering(502, '<html>', 'text/html'));
  expect(await query(host)).toBe(
    `InputError: http://${host} answers 502 Bad Gateway; try again later, or ask for less: --job, --path`,
  );
});

it('does not print an invalid token, and does not send an empty one', async () => {
  for (const token of ['s3cret\nx', 's3cret€']) {
    expect(() => new PrometheusApi('localhost:1', token)).toThrow(
      new Error('APM_PROMETHEUS_TOKEN: expected a bearer token without blanks'),
    );
  }
  expect(() => new PrometheusApi('http://ann:s3cret%zz@localhost', undefined)).toThrow(
    new Error('--prometheus: expected a percent-encoded user and password; a percent sign is %25'),
  );
  const requests: unknown[] = [];
  const host = await serve((request, response) => {
    requests.push(request.headers.authorization);
    answering(200, { status: 'success', data: { result: [] } })(request, response);
  });
  await query(host, ' ');
  await query(host, 's3cret\n');
  expect(requests).toEqual([undefined, 'Bearer s3cret']);
});
