import {
  AggregationTemporality,
  DataPointType,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { Aggregate } from '../../src/metrics/aggregate.ts';
import { capPaths } from '../../src/metrics/cardinality-cap.ts';
import type { GaugeMerge } from '../../src/metrics/otel/gauge-merge.ts';
import { SCOPE } from '../../src/semconv.ts';

type Points = [labels: Record<string, string>, value: number | number[]][];
const { DELTA, CUMULATIVE } = AggregationTemporality;

function scope(metrics: MetricData[], name = SCOPE): ScopeMetrics[] {
  return [{ scope: { name }, metrics }];
}

function metric(name: string, type: DataPointType, points: Points, more: object = {}): MetricData {
  return {
    descriptor: { name, description: '', unit: '', valueType: 1 },
    dataPointType: type,
    aggregationTemporality: DELTA,
    dataPoints: points.map(([attributes, value]) => ({
      attributes,
      startTime: [0, 0],
      endTime: [0, 0],
      value: typeof value === 'number' ? value : { ...histogram(value) },
    })),
    ...more,
  } as MetricData;
}

const histogram = (counts: number[]) => ({
  buckets: { boundaries: [1, 2], counts },
  count: counts.reduce((sum, count) => sum + count, 0),
  sum: counts.length,
});
const counter = (points: Points) => metric('requests', DataPointType.SUM, points, { isMonotonic: true });
const active = (points: Points) =>
  metric('active', DataPointType.SUM, points, { isMonotonic: false, aggregationTemporality: CUMULATIVE });
const gauge = (value: number) =>
  metric('stock', DataPointType.GAUGE, [[{}, value]], { aggregationTemporality: CUMULATIVE });

const create = (rule?: GaugeMerge, max = 10) => new Aggregate(() => rule, capPaths(max));

/** `metric label=value` to its value. */
function read(merged: Aggregate): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const { metrics } of merged.read()) {
    for (const { descriptor, dataPoints } of metrics) {
      for (const { attributes, value } of dataPoints) {
        const key = [descriptor.name, ...Object.entries(attributes).map(([label, of]) => `${label}=${of}`)].join(' ');
        const { buckets, sum } = value as Histogram;
        found[key] = typeof value === 'number' ? value : { counts: buckets.counts, sum };
      }
    }
  }
  return found;
}

describe('metrics of many processes', () => {
  it('add counters and histograms, each by its labels in whatever order', () => {
    const merged = create();
    merged.add(
      scope([
        counter([
          [{ path: '/a', method: 'GET' }, 2],
          [{ path: '/b', method: 'GET' }, 1],
        ]),
      ]),
    );
    merged.add(scope([counter([[{ method: 'GET', path: '/a' }, 3]])]));
    merged.add(scope([metric('duration', DataPointType.HISTOGRAM, [[{ path: '/a' }, [1, 0, 2]]])]));
    merged.add(scope([metric('duration', DataPointType.HISTOGRAM, [[{ path: '/a' }, [0, 5, 1]]])]));
    expect(read(merged)).toEqual({
      'requests path=/a method=GET': 5,
      'requests path=/b method=GET': 1,
      'duration path=/a': { counts: [1, 5, 3], sum: 6 },
    });
  });

  it('do not change what was read before', () => {
    const merged = create();
    const add = () => merged.add(scope([metric('duration', DataPointType.HISTOGRAM, [[{}, [1, 0, 0]]])]));
    add();
    const before = merged.read();
    add();
    expect(JSON.stringify(before)).toContain('"counts":[1,0,0]');
    expect(read(merged)).toEqual({ duration: { counts: [2, 0, 0], sum: 6 } });
  });

  it('keep what a process counted when it leaves, and forget how it stood', () => {
    const merged = create('pid');
    const [one, two] = [{ pid: '1' }, { pid: '2' }];
    for (const source of [one, two]) {
      const given = scope([counter([[{}, 4]]), active([[{}, 3]]), gauge(7)]);
      merged.add(given);
      merged.setStates(source, given);
    }
    expect(read(merged)).toEqual({ requests: 8, active: 6, 'stock pid=1': 7, 'stock pid=2': 7 });
    merged.leave(one);
    expect(read(merged)).toEqual({ requests: 8, active: 3, 'stock pid=2': 7 });
  });

  it.each([
    ['sum', { stock: 9 }],
    ['max', { stock: 7 }],
    ['pid', { 'stock pid=1': 7, 'stock pid=2': 2 }],
  ] as const)('merge gauges by %s', (rule, expected) => {
    const merged = create(rule);
    merged.setStates({ pid: '1' }, scope([gauge(7)], 'app'));
    merged.setStates({ pid: '2' }, scope([gauge(2)], 'app'));
    expect(read(merged)).toEqual(expected);
  });

  it('hold the cap over all of them: what comes after is other, and no series ever moves', () => {
    const merged = create(undefined, 2);
    const ask = (...paths: string[]) => merged.add(scope([counter(paths.map((path) => [{ path }, 1]))]));
    ask('/a', '/b');
    ask('/c', 'unmatched', '/a');
    ask('/d', 'other');
    expect(read(merged)).toEqual({
      'requests path=/a': 2,
      'requests path=/b': 1,
      'requests path=other': 3,
      'requests path=unmatched': 1,
    });
  });

  it('keep histograms of other bounds apart', () => {
    const merged = create();
    merged.add(scope([metric('size', DataPointType.HISTOGRAM, [[{}, [1, 0, 0]]])], 'app'));
    const other = metric('size', DataPointType.HISTOGRAM, [[{}, [1, 0, 0]]]);
    (other.dataPoints[0] as { value: { buckets: { boundaries: number[] } } }).value.buckets.boundaries = [5, 6];
    merged.add(scope([other], 'app'));
    expect(merged.read()[0]?.metrics.map(({ dataPoints }) => dataPoints.length)).toEqual([1, 1]);
  });
});
