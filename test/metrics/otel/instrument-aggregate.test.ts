import {
  AggregationTemporality,
  DataPointType,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import type { GaugeMerge } from '../../../src/metrics/otel/gauge-merge.ts';
import { InstrumentAggregate } from '../../../src/metrics/otel/instrument-aggregate.ts';

type Points = [labels: Record<string, string>, value: number | number[]][];
const { DELTA, CUMULATIVE } = AggregationTemporality;

function scope(metrics: MetricData[], name = 'app'): ScopeMetrics[] {
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

const create = (rule?: GaugeMerge) => new InstrumentAggregate(() => rule);

/** Reads the value of each `metric label=value`. */
function read(aggregate: InstrumentAggregate): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const { metrics } of aggregate.read()) {
    for (const { descriptor, dataPoints } of metrics) {
      for (const { attributes, value } of dataPoints) {
        const pairs = Object.entries(attributes).map(([label, text]) => `${label}=${text}`);
        const key = [descriptor.name, ...pairs].join(' ');
        const { buckets, sum } = value as Histogram;
        found[key] = typeof value === 'number' ? value : { counts: buckets.counts, sum };
      }
    }
  }
  return found;
}

describe("an app's own instruments in many processes", () => {
  it('are added up by their labels, in any order of the labels: counters and histograms', () => {
    const aggregate = create();
    aggregate.add(
      scope([
        counter([
          [{ path: '/a', method: 'GET' }, 2],
          [{ path: '/b', method: 'GET' }, 1],
        ]),
      ]),
    );
    aggregate.add(scope([counter([[{ method: 'GET', path: '/a' }, 3]])]));
    aggregate.add(scope([metric('duration', DataPointType.HISTOGRAM, [[{ path: '/a' }, [1, 0, 2]]])]));
    aggregate.add(scope([metric('duration', DataPointType.HISTOGRAM, [[{ path: '/a' }, [0, 5, 1]]])]));
    expect(read(aggregate)).toEqual({
      'requests path=/a method=GET': 5,
      'requests path=/b method=GET': 1,
      'duration path=/a': { counts: [1, 5, 3], sum: 6 },
    });
  });

  it('do not change values that were read before', () => {
    const aggregate = create();
    const add = () => aggregate.add(scope([metric('duration', DataPointType.HISTOGRAM, [[{}, [1, 0, 0]]])]));
    add();
    const before = aggregate.read();
    add();
    expect(JSON.stringify(before)).toContain('"counts":[1,0,0]');
    expect(read(aggregate)).toEqual({ duration: { counts: [2, 0, 0], sum: 6 } });
  });

  it('keep the counts of a process that exits, without its gauges', () => {
    const aggregate = create('pid');
    const [one, two] = [{ pid: '1' }, { pid: '2' }];
    for (const source of [one, two]) {
      const instruments = scope([counter([[{}, 4]]), active([[{}, 3]]), gauge(7)]);
      aggregate.add(instruments);
      aggregate.setStates(source, instruments);
    }
    expect(read(aggregate)).toEqual({ requests: 8, active: 6, 'stock pid=1': 7, 'stock pid=2': 7 });
    aggregate.removeStates(one);
    expect(read(aggregate)).toEqual({ requests: 8, active: 3, 'stock pid=2': 7 });
  });

  it.each([
    ['sum', { stock: 9 }],
    ['max', { stock: 7 }],
    ['pid', { 'stock pid=1': 7, 'stock pid=2': 2 }],
  ] as const)('merge gauges by %s', (rule, expected) => {
    const aggregate = create(rule);
    aggregate.setStates({ pid: '1' }, scope([gauge(7)], 'app'));
    aggregate.setStates({ pid: '2' }, scope([gauge(2)], 'app'));
    expect(read(aggregate)).toEqual(expected);
  });

  it('keep histograms with different bounds separate', () => {
    const aggregate = create();
    aggregate.add(scope([metric('size', DataPointType.HISTOGRAM, [[{}, [1, 0, 0]]])], 'app'));
    const other = metric('size', DataPointType.HISTOGRAM, [[{}, [1, 0, 0]]]);
    (other.dataPoints[0] as { value: { buckets: { boundaries: number[] } } }).value.buckets.boundaries = [5, 6];
    aggregate.add(scope([other], 'app'));
    expect(aggregate.read()[0]?.metrics.map(({ dataPoints }) => dataPoints.length)).toEqual([1, 1]);
  });
});
