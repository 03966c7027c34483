import { spawnSync } from 'node:child_process';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { VARIABLES } from '../../src/config/variables.ts';
import { exposition } from '../../src/expose/scrape/exposition.ts';
import { labelText } from '../../src/expose/scrape/text-format.ts';
import { PathShapes } from '../../src/route/shape/path-shapes.ts';
import { needPrograms } from '../stack/support/needed-programs.ts';
import { labels } from '../support/exposition.ts';

/** Of a setting. `auto` is the fallback of settings that are otherwise true or false. */
const allowedTypes = (fallback: unknown) => (fallback === 'auto' ? ['string', 'boolean'] : [typeof fallback]);

const programs = needPrograms('promtool', 'system-promtool');

/** Strings of a hostile client: any UTF-16, lone surrogates too, and many characters that some format must escape. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.string({
    unit: fc.constantFrom(
      ...'"\\\n\r\t\0\x1b\x7f\x85\u2028\ufeff\ud800\udc00{}=,# '.split(''),
      '\\n',
      '"} 1\n',
      '%00',
      '# EOF\n',
    ),
  }),
);

/** UTF-8 has no lone surrogates: they become U+FFFD. */
const throughUtf8 = (text: string) => Buffer.from(text).toString();

it('writes any label value so that a parser reads the same value', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), hostile), (values) => {
      const text = labelText(values);
      expect(text).not.toContain('\n');
      const expected = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, throughUtf8(value)]));
      expect(labels(`m{${Buffer.from(text)}}`)).toEqual(expected);
    }),
    { numRuns: 5000 },
  );
});

it('writes valid labels for attributes of any name and type', () => {
  fc.assert(
    fc.property(fc.dictionary(hostile, fc.anything()), (attributes) => {
      // OpenTelemetry has no attribute that JSON cannot hold.
      fc.pre(isSerializable(attributes));
      expect(labelText(attributes)).toMatch(/^(([a-zA-Z_]\w*="([^"\\\n]|\\["\\n])*"(,(?!$)|$)))*$/);
    }),
  );
});

function isSerializable(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

/** A counter and a histogram with these labels, descriptions and names. */
function createMetrics(values: string[], names: string[]): ResourceMetrics {
  const base = (name: string) => ({ descriptor: { name, description: name, unit: '', valueType: 0 } });
  const point = <V>(i: number, value: V, attribute: string, name: string) => ({
    attributes: { i, value: attribute, [name]: attribute },
    startTime: [0, 0] as [number, number],
    endTime: [0, 0] as [number, number],
    value,
  });
  const histogram = { buckets: { boundaries: [0.5, 1], counts: [1, 0, 0] }, count: 1, sum: 0.25 };
  const named = (i: number) => names[i % names.length] as string;
  return {
    resource: resourceFromAttributes({ 'service.name': values[0] ?? '', [named(0)]: 'x' }),
    scopeMetrics: [
      {
        scope: { name: '@org/apm' },
        metrics: [
          {
            ...base('http_requests_total'),
            dataPointType: DataPointType.SUM,
            aggregationTemporality: AggregationTemporality.CUMULATIVE,
            isMonotonic: true,
            dataPoints: values.map((value, i) => point(i, i, value, named(i))),
          },
          {
            ...base('http_duration'),
            dataPointType: DataPointType.HISTOGRAM,
            aggregationTemporality: AggregationTemporality.CUMULATIVE,
            dataPoints: values.map((value, i) => point(i, histogram, value, named(i))),
          },
        ],
      },
      ...names.map((name, i) => ({
        scope: { name: `app ${name}` },
        metrics: [
          {
            ...base(name),
            dataPointType: DataPointType.GAUGE as const,
            aggregationTemporality: AggregationTemporality.CUMULATIVE,
            dataPoints: [point(i, Number.NaN, name, 'le')],
          },
        ],
      })),
    ],
  } as ResourceMetrics;
}

it.for(['promtool', 'system-promtool'] as const)(
  'writes an exposition of any values, names and descriptions that %s accepts',
  (name, test) => {
    const { path } = programs(name, test);
    fc.assert(
      fc.property(
        fc.array(hostile, { minLength: 100, maxLength: 300 }),
        fc.array(hostile, { minLength: 20, maxLength: 40 }),
        (values, names) => {
          const pieces = [...exposition(createMetrics(values, names))].map((text) => Buffer.from(text));
          const input = Buffer.concat(pieces);
          const { status, stderr } = spawnSync(path, ['check', 'metrics'], { input, encoding: 'utf8' });
          // 3: valid, with advice on names.
          if (status !== 0 && status !== 3) throw new Error(`promtool: ${stderr}`);
          const counted = [...input.toString().matchAll(/^http_requests_total\{[^\n]*\} (\d+)\n/gm)];
          expect(counted.map(([, value]) => Number(value))).toEqual(values.map((_, i) => i));
        },
      ),
      { numRuns: 12 },
    );
  },
);

/** Request targets: arbitrary paths, with a query that must not become part of a label. */
const SECRET = 's3cretquery';
const target = fc
  .tuple(
    fc.constantFrom('', '/', 'http://host', 'http://user:pw@host:1/', '*', '//', '/.'),
    fc.array(
      fc.oneof(
        hostile,
        fc.webFragments(),
        fc.constantFrom('users', '..', '%', '%zz', '%00', '%c3%28', 'a'.repeat(999)),
      ),
    ),
    fc.constantFrom('?', '??', '/?', '?/'),
  )
  .map(([start, segments, query]) => `${start}${segments.join('/')}${query}${SECRET}`);

it('finds for any request target a path that is bounded, has no query, and is the same the next time', () => {
  const templates = new PathShapes();
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(target, { maxLength: 20 }), fc.boolean(), (targets, grow) => {
      for (const each of targets) {
        const found = templates.templateFor(each, grow);
        if (found === undefined) continue;
        expect(found).toMatch(/^\/([^/]|\/(?!\/))*$/);
        expect(found).not.toContain(SECRET);
        expect(found.length).toBeLessThanOrEqual(11 * 41);
        expect(templates.templateFor(each, false)).toBe(found);
        seen.add(found);
      }
    }),
    { numRuns: 2000 },
  );
  expect(seen.size).toBeGreaterThan(10);
});

it('loads a valid configuration from arbitrary variables and options, and throws nothing', () => {
  const keys = Object.keys(VARIABLES) as (keyof typeof VARIABLES)[];
  const names = keys.map((key) => VARIABLES[key].variable);
  const value = fc.oneof(
    hostile,
    fc.webUrl(),
    fc.constantFrom(',', '=', 'a=b', '%', '-1', '1e9', 'NaN', '/', '*', 'none'),
  );
  const env = fc.dictionary(
    fc.oneof(
      fc.constantFrom(...names),
      hostile.map((text) => `APM_${text}`),
    ),
    value,
  );
  const options = fc.dictionary(
    fc.constantFrom(...keys),
    fc.oneof(value, fc.anything({ withNullPrototype: true, withBigInt: true })),
  );
  const lines: string[] = [];
  const { error } = console;
  console.error = (line: string) => void lines.push(line);
  try {
    fc.assert(
      fc.property(options, env, (given, environment) => {
        const config = loadConfig(given, {}, environment);
        for (const key of keys) {
          const { fallback } = VARIABLES[key];
          if (fallback !== undefined) expect(allowedTypes(fallback)).toContain(typeof config[key]);
        }
      }),
      { numRuns: 3000 },
    );
  } finally {
    console.error = error;
  }
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.filter((line) => !/^\[@org\/apm\] [^\n]*$/.test(line))).toEqual([]);
});
