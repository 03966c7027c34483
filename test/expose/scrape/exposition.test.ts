import { spawnSync } from 'node:child_process';
import type { Meter } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationType,
  InstrumentType,
  MeterProvider,
  type MeterProviderOptions,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { exposition } from '../../../src/expose/scrape/exposition.ts';
import { number } from '../../../src/expose/scrape/text-format.ts';
import { findProgram } from '../../../stack/programs.ts';

class Reader extends MetricReader {
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}

/** Creates the exposition of instruments as an app creates them, without target_info. */
async function textOf(
  record: (meter: (name?: string, version?: string) => Meter) => void,
  options: MeterProviderOptions = {},
): Promise<string> {
  const reader = new Reader();
  const provider = new MeterProvider({ resource: resourceFromAttributes({}), readers: [reader], ...options });
  record((name = 'app', version) => provider.getMeter(name, version));
  const text = [...exposition((await reader.collect()).resourceMetrics)].join('');
  checkWithPromtool(text);
  return text.slice(text.indexOf('target_info{} 1\n') + 'target_info{} 1\n'.length);
}

const promtool = await findProgram('system-promtool');

/** Checks a text with promtool when it is installed. Exit code 3 is only advice on names. */
function checkWithPromtool(text: string): void {
  if (!('path' in promtool)) return;
  const { status, stderr } = spawnSync(promtool.path, ['check', 'metrics'], { input: text, encoding: 'utf8' });
  if (status !== 0 && status !== 3) throw new Error(`promtool: ${stderr}\n${text}`);
}

describe('label values', () => {
  const VALUES: Record<string, string> = {
    quotes: '"quoted"',
    newlines: 'two\nlines\r\n',
    backslashes: 'C:\\new\\',
    'a backslash before a quote': '\\"',
    'control characters': 'a\u0000b\u0001c\u001b[31m\u007f\u0085\u2028',
    emoji: '🐢 d’accord',
    'text that looks like the end of a series': '"} 1\nfake_metric{a="',
    'no characters': '',
  };

  it.each(Object.entries(VALUES))('with %s are valid, and a parser reads the same value', async (_, value) => {
    const text = await textOf((meter) => meter().createCounter('c').add(1, { value }));
    const lines = text.split('\n');
    expect(lines.length).toBe(4);
    expect(lines[2]).toMatch(/^c_total\{value=".*"\} 1$/s);
    const written = (lines[2] as string).slice('c_total{value="'.length, -'"} 1'.length);
    expect(written.replace(/\\(["\\n])/g, (_match, c) => (c === 'n' ? '\n' : c))).toBe(value);
  });

  it('with lone surrogates are valid', async () => {
    const text = await textOf((meter) => meter().createCounter('c').add(1, { value: 'a\ud83db\udc22c\ud83d\udc22' }));
    expect(text).toContain('c_total{value="a\ufffdb\ufffdc🐢"} 1\n');
    expect(text).not.toMatch(/\p{Surrogate}/u);
  });

  it('of other types are written as JSON', async () => {
    const text = await textOf((meter) =>
      meter()
        .createCounter('c')
        .add(1, { number: 200, truth: true, list: ['a', 'b"'], none: undefined }),
    );
    expect(text).toContain('c_total{number="200",truth="true",list="[\\"a\\",\\"b\\\\\\"\\"]"} 1\n');
  });
});

it('writes every kind of instrument', async () => {
  const text = await textOf((meter) => {
    meter().createCounter('jobs.done', { description: 'Jobs\nthat are done \\ ended.', unit: '1' }).add(3);
    meter().createCounter('errors_total').add(1.5, { kind: 'a' });
    meter().createUpDownCounter('queue').add(-2);
    meter().createGauge('temperature', { unit: 'Cel' }).record(Number.POSITIVE_INFINITY);
    const histogram = meter().createHistogram('size', { advice: { explicitBucketBoundaries: [0.5, 1, 1e21] } });
    for (const value of [0.5, 0.6, 2e21]) histogram.record(value, { 'http.route': '/a' });
    meter()
      .createObservableGauge('stock')
      .addCallback((result) => result.observe(Number.NaN));
  });
  expect(text).toBe(`# HELP jobs_done_total Jobs\\nthat are done \\\\ ended.
# TYPE jobs_done_total counter
jobs_done_total 3
# HELP errors_total description missing
# TYPE errors_total counter
errors_total{kind="a"} 1.5
# HELP queue description missing
# TYPE queue gauge
queue -2
# HELP temperature description missing
# TYPE temperature gauge
temperature +Inf
# HELP size description missing
# TYPE size histogram
size_bucket{http_route="/a",le="0.5"} 1
size_bucket{http_route="/a",le="1"} 2
size_bucket{http_route="/a",le="1e+21"} 2
size_bucket{http_route="/a",le="+Inf"} 3
size_sum{http_route="/a"} 2e+21
size_count{http_route="/a"} 3
# HELP stock description missing
# TYPE stock gauge
stock NaN
`);
});

describe('each family and each series is written once', () => {
  it('when two meters, or two versions of one meter, have an instrument of the same name', async () => {
    const text = await textOf((meter) => {
      meter('shop', '2').createCounter('orders', { description: 'Orders.' }).add(1, { kind: 'book' });
      meter('returns').createCounter('orders', { description: 'Orders sent back.' }).add(2, { kind: 'book' });
      meter('shop', '1').createCounter('orders').add(3, { kind: 'book' });
    });
    expect(text).toBe(`# HELP orders_total Orders sent back.
# TYPE orders_total counter
orders_total{kind="book"} 2
orders_total{kind="book",otel_scope_name="shop",otel_scope_version="1"} 3
orders_total{kind="book",otel_scope_name="shop",otel_scope_version="2"} 1
`);
  });

  it('when an instrument of the app has one of our names', async () => {
    const text = await textOf((meter) => {
      meter('a').createCounter('http_requests').add(5);
      meter('@org/apm').createCounter('http_requests_total', { description: 'Ours.' }).add(1, { path: '/' });
    });
    expect(text).toBe(`# HELP http_requests_total Ours.
# TYPE http_requests_total counter
http_requests_total{path="/"} 1
http_requests_total{otel_scope_name="a"} 5
`);
  });

  it('when two names differ only before they are exported', async () => {
    const text = await textOf((meter) => {
      meter().createCounter('a.b').add(1, { 'x.y': '1' });
      meter().createCounter('a_b').add(2, { x_y: '1' });
      meter().createCounter('a/b_total').add(4, { 'x.y': '2', x_y: '3' });
    });
    expect(text).toBe(`# HELP a_b_total description missing
# TYPE a_b_total counter
a_b_total{x_y="1"} 1
a_b_total{x_y="2;3"} 4
`);
  });

  it('when two instruments of one name have different types: the first one is exported', async () => {
    const text = await textOf((meter) => {
      meter('a').createGauge('size').record(1);
      meter('b').createHistogram('size').record(1);
    });
    expect(text).toBe('# HELP size description missing\n# TYPE size gauge\nsize 1\n');
  });

  it('when a metric of the app is named target_info, or a label le', async () => {
    const text = await textOf((meter) => {
      meter().createGauge('target_info').record(2);
      meter()
        .createHistogram('size', { advice: { explicitBucketBoundaries: [1] } })
        .record(1, { le: 'own' });
    });
    expect(text).toBe(`# HELP size description missing
# TYPE size histogram
size_bucket{exported_le="own",le="1"} 1
size_bucket{exported_le="own",le="+Inf"} 1
size_sum{exported_le="own"} 1
size_count{exported_le="own"} 1
`);
  });

  it('renames an own label le only in histograms, where an app uses the same attributes for other instruments', async () => {
    const attributes = { le: 'own' };
    const text = await textOf((meter) => {
      meter().createCounter('count').add(1, attributes);
      meter()
        .createHistogram('size', { advice: { explicitBucketBoundaries: [1] } })
        .record(1, attributes);
      meter().createGauge('level').record(1, attributes);
    });
    expect(text.split('\n').filter((line) => /^[^#]/.test(line))).toEqual([
      'count_total{le="own"} 1',
      'size_bucket{exported_le="own",le="1"} 1',
      'size_bucket{exported_le="own",le="+Inf"} 1',
      'size_sum{exported_le="own"} 1',
      'size_count{exported_le="own"} 1',
      'level{le="own"} 1',
    ]);
  });
});

it('leaves out exponential histograms, which the format does not have, and counters without a value', async () => {
  const text = await textOf(
    (meter) => {
      meter().createHistogram('size').record(1);
      meter().createCounter('unused');
    },
    {
      views: [
        { instrumentType: InstrumentType.HISTOGRAM, aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
      ],
    },
  );
  expect(text).toBe('');
});

it('splits a long text at the ends of lines', async () => {
  const reader = new Reader();
  const counter = new MeterProvider({ readers: [reader] }).getMeter('app').createCounter('c');
  for (let i = 0; i < 1999; i++) counter.add(1, { i });
  const pieces = [...exposition((await reader.collect()).resourceMetrics)];
  expect(pieces.length).toBeGreaterThan(2);
  for (const piece of pieces) {
    expect(piece.endsWith('\n')).toBe(true);
    expect(piece.length).toBeLessThan(17 * 1024);
  }
  expect(pieces.join('').match(/^c_total\{i="\d+"\} 1$/gm)?.length).toBe(1999);
});

it('writes the attributes of the resource and numbers in the format of Prometheus', async () => {
  const reader = new Reader();
  const resource = resourceFromAttributes({ 'service.name': 'a "b"', '1st': 'x', 'host/name': 'y' });
  new MeterProvider({ resource, readers: [reader] });
  expect([...exposition((await reader.collect()).resourceMetrics)].join('')).toBe(
    '# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info{service_name="a \\"b\\"",_1st="x",host_name="y"} 1\n',
  );
  expect([0, -0, 1e21, 1e-7, Number.NaN, -1 / 0].map(number)).toEqual(['0', '0', '1e+21', '1e-7', 'NaN', '-Inf']);
});
