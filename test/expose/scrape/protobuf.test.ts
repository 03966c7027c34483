import { ValueType } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Format, TEXT } from '../../../src/expose/scrape/formats.ts';
import { protobufExposition } from '../../../src/expose/scrape/protobuf/protobuf-exposition.ts';
import { createScraper } from '../../../src/expose/scrape/scrape.ts';
import { ExportedMetrics } from '../../../src/metrics/otel/exported-metrics.ts';
import { createViews } from '../../../src/metrics/otel/views.ts';
import { createProcessSeries } from '../../../src/metrics/process-series.ts';
import { DEFAULT_BUCKETS, KNOWN_METHODS } from '../../../src/semconv.ts';
import {
  type FamilyMessage,
  type HistogramMessage,
  labelsOf,
  nativeBuckets,
  PROTOBUF_TYPE,
  readFamilies,
  toText,
} from '../../support/metric-families.ts';

const PROTOBUF: Format = { contentType: PROTOBUF_TYPE, histograms: 'both', write: protobufExposition };

const write = (format: Format, metrics: ResourceMetrics): Buffer => Buffer.concat([...format.write(metrics)].flat());

/** Compares whole outputs. */
function expectSame(metrics: ResourceMetrics): FamilyMessage[] {
  const families = readFamilies(write(PROTOBUF, metrics));
  expect(toText(families)).toBe(write(TEXT, metrics).toString());
  return families;
}

/** Strings of a hostile client: any UTF-16, lone surrogates too, and characters that the text format must escape. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.string({ unit: fc.constantFrom(...'"\\\n\r\t\0{}=,# 🐢é'.split(''), '\ud800', '"} 1\n') }),
);
const attributes = fc.dictionary(fc.oneof(hostile, fc.constantFrom('le', 'a.b', 'a_b', 'path')), hostile, {
  maxKeys: 4,
});
const value = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, 1e21, 5e-324));
const count = fc.oneof(fc.nat(), fc.constantFrom(0, 127, 128, 2 ** 31, 2 ** 32 + 1, 2 ** 52));
const time = fc.tuple(fc.integer({ min: 0, max: 4e9 }), fc.integer({ min: 0, max: 999_999_999 }));

const histogram = fc
  .record({
    boundaries: fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 20 }),
    sum: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
  })
  .chain(({ boundaries, sum }) =>
    fc.array(fc.nat(1e9), { minLength: boundaries.length + 1, maxLength: boundaries.length + 1 }).map((counts) => ({
      buckets: { boundaries: boundaries.map((bound) => bound + 0).sort((a, b) => a - b), counts },
      sum,
      count: counts.reduce((total, each) => total + each, 0),
    })),
  );

/** Many apps use the same object of attributes for several instruments, and a series can be recorded twice. */
const pool = fc.array(attributes, { minLength: 1, maxLength: 3 });

const metricOf = (pool: object[]) =>
  fc
    .record({ name: fc.oneof(hostile, fc.constantFrom('m', 'm.n', 'm_n', 'target_info')), description: hostile })
    .chain((named) => {
      const descriptor = { ...named, unit: '', valueType: ValueType.DOUBLE };
      const base = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
      const points = <T>(values: fc.Arbitrary<T>) =>
        fc.array(fc.record({ attributes: fc.constantFrom(...pool), startTime: time, endTime: time, value: values }), {
          maxLength: 5,
        });
      const sums = (isMonotonic: boolean, values: fc.Arbitrary<number>) =>
        points(values).map((dataPoints) => ({ ...base, dataPointType: DataPointType.SUM, isMonotonic, dataPoints }));
      return fc.oneof(
        sums(true, count),
        sums(false, value),
        points(value).map((dataPoints) => ({ ...base, dataPointType: DataPointType.GAUGE, dataPoints })),
        points(histogram).map((dataPoints) => ({ ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints })),
      );
    }) as fc.Arbitrary<MetricData>;

const scopeOf = (pool: object[]) =>
  fc.record({
    scope: fc.record({ name: fc.oneof(hostile, fc.constant('app')), version: fc.option(hostile, { nil: undefined }) }),
    metrics: fc.array(metricOf(pool), { maxLength: 4 }),
  }) as fc.Arbitrary<ScopeMetrics>;

const scopes = pool.chain((pool) => fc.array(scopeOf(pool), { maxLength: 4 }));

it('has the families, series and values of the text, whatever an app records', () => {
  fc.assert(
    fc.property(attributes, scopes, (resource, scopeMetrics) => {
      expectSame({ resource: resourceFromAttributes(resource), scopeMetrics });
    }),
    { numRuns: 500 },
  );
});

it('says since when counters and histograms count', () => {
  const [startTime, endTime] = [
    [1_700_000_000, 500_000_000],
    [1_800_000_000, 0],
  ] as [number, number][];
  const base = { aggregationTemporality: AggregationTemporality.CUMULATIVE };
  const descriptor = { name: 'm', description: '', unit: '', valueType: ValueType.DOUBLE };
  const point = { attributes: {}, startTime, endTime };
  const explicit = { buckets: { boundaries: [1], counts: [1, 0] }, sum: 1, count: 1 };
  const families = expectSame({
    resource: resourceFromAttributes({}),
    scopeMetrics: [
      {
        scope: { name: 'app' },
        metrics: [
          {
            ...base,
            descriptor,
            dataPointType: DataPointType.SUM,
            isMonotonic: true,
            dataPoints: [{ ...point, value: 1 }],
          },
          {
            ...base,
            descriptor: { ...descriptor, name: 'h' },
            dataPointType: DataPointType.HISTOGRAM,
            dataPoints: [{ ...point, value: explicit }],
          },
        ],
      },
    ] as ScopeMetrics[],
  });
  const created = { seconds: 1_700_000_000, nanos: 500_000_000 };
  const [, counter, explicitHistogram] = families;
  expect(counter?.metric[0]?.counter).toEqual({ value: 1, createdTimestamp: created });
  expect(explicitHistogram?.metric[0]?.histogram?.createdTimestamp).toEqual(created);
});

/** The series of a process, as both formats show them. */
function createProcess() {
  const buckets = DEFAULT_BUCKETS;
  const series = createProcessSeries({ buckets, maxPaths: 100, knownMethods: KNOWN_METHODS });
  const views = createViews({ metricNames: 'apm', metricPrefix: '', buckets });
  const exported = new ExportedMetrics(views, series.kinds, false);
  const collect = (kind: Format['histograms'] = 'both'): ResourceMetrics => ({
    resource: resourceFromAttributes({ 'service.name': 'shop' }),
    scopeMetrics: exported.convert(
      series.all.read(),
      series.active.read(),
      { temporality: 'cumulative', start: [1, 0], end: [2, 0] },
      kind,
    ),
  });
  return { requests: series.plain.requests, calls: series.calls, collect };
}

const histogramsOf = (families: readonly FamilyMessage[], name: string): Record<string, HistogramMessage> =>
  Object.fromEntries(
    families
      .filter((family) => family.name === name)
      .flatMap(({ metric }) => metric)
      .map((each) => [Object.values(labelsOf(each)).join(' '), each.histogram as HistogramMessage]),
  );

/** The native buckets of values, by their definition. */
function bucketsOf(values: readonly number[], scale: number): Record<number, number> {
  const found: Record<number, number> = {};
  for (const each of values) {
    if (each <= 2 ** -24) continue;
    let index = Math.ceil(Math.log2(each) * 2 ** scale);
    // The logarithm is rounded.
    while (2 ** (index / 2 ** scale) < each) index++;
    while (2 ** ((index - 1) / 2 ** scale) >= each) index--;
    found[index] = (found[index] ?? 0) + 1;
  }
  return found;
}

/** Exactly on the bound of a bucket, a rounded logarithm may say another one than the definition. */
const seconds = fc.oneof(
  fc.double({ min: 1e-9, max: 1e4, noNaN: true }),
  fc.double({ min: 0.01, max: 0.3, noNaN: true }),
  fc.constant(0),
);

it('has native histograms of each path and method over all statuses, with the counts and sums of the explicit ones', () => {
  const request = fc.record({ path: fc.constantFrom('/a', '/b'), status: fc.constantFrom(200, 404, 500), seconds });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 300 }), (all) => {
      const { requests, collect } = createProcess();
      for (const { path, status, seconds } of all) requests.record(path, 'GET', status, seconds);
      // Recorded and not timed.
      requests.record('/untimed', 'GET', 200, undefined);
      const metrics = collect();
      const families = expectSame(metrics);
      const found = histogramsOf(families, 'http_duration');
      const paths = new Set(all.map(({ path }) => path));
      expect(Object.keys(found).sort()).toEqual([...paths].map((path) => `${path} GET`).sort());
      for (const path of paths) {
        const values = all.filter((each) => each.path === path).map(({ seconds }) => seconds);
        const message = found[`${path} GET`] as HistogramMessage;
        const native = nativeBuckets(message);
        const { zeroCount = -1, zeroThreshold } = message;
        expect([message.sampleCount, zeroThreshold]).toEqual([values.length, 2 ** -24]);
        expect(zeroCount).toBe(values.filter((value) => value <= 2 ** -24).length);
        expect(native).toEqual(bucketsOf(values, message.schema as number));
        expect(Object.values(native).reduce((sum, each) => sum + each, zeroCount)).toBe(values.length);
      }
    }),
    { numRuns: 200 },
  );
});

it('has native histograms of outgoing calls, empty ones where a series of failures is shown as 0 first', async () => {
  const { calls, collect } = createProcess();
  calls.record({ host: 'db:1', method: 'GET', status: undefined }, 0.3);
  calls.record({ host: 'db:1', method: 'GET', status: 200 }, 0.1);
  const scrape = createScraper(async (kind) => ({ metrics: collect(kind), acknowledge() {} }));
  const read = async (scraper?: string) => {
    const { pieces, acknowledge } = await scrape(scraper, PROTOBUF);
    acknowledge();
    const found = histogramsOf(readFamilies(Buffer.concat(pieces)), 'http_client_duration');
    return Object.entries(found).map(([labels, { sampleCount, schema, ...message }]) => [
      labels,
      sampleCount,
      schema,
      nativeBuckets({ sampleCount, ...message }),
    ]);
  };
  const failed = ['db:1 GET', 1, 5, bucketsOf([0.3], 5)];
  const answered = ['db:1 GET 200', 1, 5, bucketsOf([0.1], 5)];
  expect(await read('prometheus 0')).toEqual([['db:1 GET', 0, 5, {}], answered]);
  expect(await read('prometheus 0')).toEqual([failed, answered]);
  expect(await read()).toEqual([failed, answered]);
});

it('is of one moment: requests that end while it is written are in the next scrape', async () => {
  const { requests, collect } = createProcess();
  const record = () => {
    for (let i = 0; i < 500; i++) requests.record(`/${i % 100}`, 'GET', 200, 0.001 * i);
  };
  record();
  const totalOf = (body: Uint8Array) => {
    const families = readFamilies(body);
    for (const message of Object.values(histogramsOf(families, 'http_duration'))) {
      const { zeroCount = 0, sampleCount } = message;
      expect(Object.values(nativeBuckets(message)).reduce((sum, each) => sum + each, zeroCount)).toBe(sampleCount);
    }
    const counted = families.find(({ name }) => name === 'http_requests_total');
    return counted?.metric.reduce((sum, { counter }) => sum + (counter?.value ?? 0), 0);
  };
  for (const expected of [500, 1_000]) {
    const metrics = collect();
    const steps = PROTOBUF.write(metrics)[Symbol.iterator]();
    const pieces: Buffer[] = [...(steps.next().value as Buffer[])];
    if (expected === 500) record();
    for (let step = steps.next(); !step.done; step = steps.next()) pieces.push(...step.value);
    expect(totalOf(Buffer.concat(pieces))).toBe(expected);
  }
});

it('collects once for the requests of one format, and for one format after the other', async () => {
  const { requests, collect } = createProcess();
  requests.record('/a', 'GET', 200, 0.1);
  let isCollecting = false;
  const kinds: string[] = [];
  const scrape = createScraper(async (kind) => {
    expect(isCollecting).toBe(false);
    isCollecting = true;
    await new Promise((resolve) => setTimeout(resolve, 5));
    isCollecting = false;
    kinds.push(kind);
    return { metrics: collect(kind), acknowledge() {} };
  });
  const formats = [TEXT, PROTOBUF, TEXT, PROTOBUF, PROTOBUF];
  const scrapes = await Promise.all(formats.map((format) => scrape(undefined, format)));
  expect(kinds).toEqual(['explicit', 'both']);
  const bodies = scrapes.map(({ pieces }) => Buffer.concat(pieces));
  const texts = bodies.map((body, i) => (formats[i] === TEXT ? body.toString() : toText(readFamilies(body))));
  expect(new Set(texts).size).toBe(1);
});
