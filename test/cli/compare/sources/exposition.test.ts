import { expect, it } from 'vitest';
import { parseExposition } from '../../../../src/cli/compare/sources/exposition.ts';
import { identifySeries } from '../../../../src/cli/compare/sources/series-identity.ts';
import { InputError } from '../../../../src/cli/input-error.ts';

const read = (text: string) => parseExposition(text, 'before.prom');

it('reads the text format: comments, labels with escapes, infinities, timestamps, CRLF, no newline at the end', () => {
  const text = [
    '# HELP http_requests_total Finished HTTP requests.',
    '# TYPE http_requests_total counter',
    'http_requests_total{path="/a\\"b\\\\n\\n,}",method="GET",status_code="200"} 12 1395066363000',
    'http_duration_bucket{path="/", method="GET", le="+Inf",} +Inf',
    'up 1',
    '',
    '  spaced {a = "b"}\t1.5e-3  ',
    'nan NaN',
    'minus{} -Inf -1',
  ].join('\r\n');
  expect(read(text)).toEqual([
    { name: 'http_requests_total', labels: { path: '/a"b\\n\n,}', method: 'GET', status_code: '200' }, value: 12 },
    { name: 'http_duration_bucket', labels: { path: '/', method: 'GET', le: '+Inf' }, value: Number.POSITIVE_INFINITY },
    { name: 'up', labels: {}, value: 1 },
    { name: 'spaced', labels: { a: 'b' }, value: 0.0015 },
    { name: 'nan', labels: {}, value: Number.NaN },
    { name: 'minus', labels: {}, value: Number.NEGATIVE_INFINITY },
  ]);
});

it('reads OpenMetrics: seconds, exemplars, _created, quoted names, the end', () => {
  const text = `# TYPE http_duration histogram
# UNIT http_duration seconds
http_duration_bucket{le="1.0"} 17 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67 1520879607.7
http_duration_created 1.520872607123e+09
{"http.server.requests","http.route"="/a"} 3
# EOF
`;
  expect(read(text)).toEqual([
    { name: 'http_duration_bucket', labels: { le: '1.0' }, value: 17 },
    { name: 'http_duration_created', labels: {}, value: 1520872607.123 },
    { name: 'http.server.requests', labels: { 'http.route': '/a' }, value: 3 },
  ]);
});

it('accepts the scrape of a process without requests', () => {
  expect(read('# HELP target_info Target metadata\n# TYPE target_info gauge\n')).toEqual([]);
});

it.each([
  ['', 'it is empty'],
  [' \n\n', 'it is empty'],
  ['<!doctype html>\n<html lang="en">', 'it is HTML'],
  ['<html><body>502 Bad Gateway</body></html>', 'it is HTML'],
  ['{"status":"success","data":{}}', 'it is JSON'],
  ['{}', 'it is JSON'],
  ['[1, 2]', 'it is JSON'],
  ['up 1\nNot Found', 'line 2 is "Not Found"'],
  ['up', 'line 1 is "up"'],
  ['up one', 'line 1 is "up one"'],
  ['up{a="b} 1', 'line 1 is "up{a=\\"b} 1"'],
  ['up{a="b" c="d"} 1', 'line 1 is "up{a=\\"b\\" c=\\"d\\"} 1"'],
  ['up{a="b"} 1 2 3', 'line 1 is "up{a=\\"b\\"} 1 2 3"'],
  ['up{a="b"} ', 'line 1 is "up{a=\\"b\\"}"'],
  ['time,value\n1,2', 'line 1 is "time,value"'],
])('refuses other text: %j', (text, why) => {
  const refused = new InputError(
    `before.prom is not a scrape: ${why}; expected the text of /metrics, as apm snapshot saves it`,
  );
  expect(() => read(text)).toThrow(refused);
});

it('identifies both metrics in each vocabulary, and every spelling of le', () => {
  const apm = { path: '/users/:id', method: 'GET' };
  const semconv = { http_route: '/users/:id', http_request_method: 'GET' };
  const of = (name: string, labels: Record<string, string>) => {
    const { series, part } = identifySeries(name, labels) ?? {};
    return [series?.kind, series?.endpoint, series?.target, series?.error, part];
  };
  const GET = 'GET /users/:id';
  expect(of('http_requests_total', { ...apm, status_code: '503' })).toEqual(['requests', GET, '', true, 'value']);
  expect(of('http_duration_sum', apm)).toEqual(['durations', GET, '', false, 'sum']);
  expect(of('http_duration_bucket', { ...apm, le: '1.0' })).toEqual(['durations', GET, '', false, 1]);
  expect(of('http_duration_bucket', { ...apm, le: '+Inf' })).toEqual(['durations', GET, '', false, Infinity]);
  for (const name of ['http_server_requests_total', 'http_server_requests', 'http.server.requests']) {
    const allLabels = { ...semconv, http_response_status_code: '500', job: 'shop', instance: 'a:1' };
    expect(of(name, allLabels)).toEqual(['requests', GET, '["shop","a:1"]', true, 'value']);
  }
  for (const name of ['http_server_request_duration', 'http_server_request_duration_seconds']) {
    const allLabels = { ...semconv, http_response_status_code: '404', le: '0.5' };
    expect(of(`${name}_bucket`, allLabels)).toEqual(['durations', GET, '', false, 0.5]);
    expect(of(`${name}_sum`, { ...allLabels, http_response_status_code: '500' })).toEqual([
      'durations',
      GET,
      '',
      true,
      'sum',
    ]);
  }
  expect(of('http_server_request_duration_count', semconv)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(identifySeries('http_client_duration_bucket', { ...apm, le: '1' })).toBeUndefined();
  const id = (le: string) => identifySeries('http_duration_bucket', { ...apm, le })?.series.id;
  expect(id('1')).toBe(id('1.0'));
});

it('refuses a very long line of digits quickly', () => {
  expect(() => parseExposition(`up ${'1'.repeat(200_000)}!\n`, 'a.prom')).toThrow('a.prom is not a scrape: line 1 is');
});
