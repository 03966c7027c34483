/** An ExportMetricsServiceRequest, as JSON or as decoded protobuf. 64-bit integers are strings in JSON. */
export interface ExportRequest {
  resourceMetrics: {
    resource: { attributes: KeyValue[] };
    scopeMetrics: { scope: { name: string; version?: string }; metrics: Metric[] }[];
  }[];
}
type Integer = string | number;
interface KeyValue {
  key: string;
  value: { stringValue?: string; intValue?: Integer; doubleValue?: number; boolValue?: boolean };
}
interface Metric {
  name: string;
  description?: string;
  unit?: string;
  gauge?: { dataPoints: Point[] };
  sum?: { dataPoints: Point[]; aggregationTemporality: number; isMonotonic?: boolean };
  histogram?: { dataPoints: Point[]; aggregationTemporality: number };
  exponentialHistogram?: { dataPoints: Point[]; aggregationTemporality: number };
}
interface Point {
  attributes?: KeyValue[];
  startTimeUnixNano?: Integer;
  timeUnixNano: Integer;
  asInt?: Integer;
  asDouble?: number;
  count?: Integer;
  sum?: number;
  bucketCounts?: Integer[];
  explicitBounds?: number[];
  scale?: number;
  zeroCount?: Integer;
  positive?: { offset?: number; bucketCounts?: Integer[] };
  min?: number;
  max?: number;
}

/** With `bounds`, or with the `scale`, `offset` and `zeros` of exponential buckets. */
interface ExportedHistogram {
  count: number;
  sum?: number;
  buckets?: number[];
  bounds?: number[];
  scale?: number;
  offset?: number;
  zeros?: number;
  min?: number;
  max?: number;
}
interface ExportedPoint {
  labels: Record<string, unknown>;
  value: number | ExportedHistogram;
  start: number;
  time: number;
}
export interface ExportedMetric {
  kind: 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram';
  scope: string;
  description: string;
  unit: string;
  temporality?: 'delta' | 'cumulative';
  monotonic?: boolean;
  points: ExportedPoint[];
}

const TEMPORALITIES = [undefined, 'delta', 'cumulative'] as const;

/** Converts a message of any protocol to one shape: metrics by name, or by name and scope when the name is taken. */
export function metricsOf({ resourceMetrics }: ExportRequest) {
  const [only, ...others] = resourceMetrics;
  if (only === undefined || others.length > 0) throw new Error(`${resourceMetrics.length} resources in one push`);
  const metrics: Record<string, ExportedMetric> = {};
  for (const { scope, metrics: ofScope } of only.scopeMetrics) {
    for (const metric of ofScope) {
      const { name } = metric;
      const key = metrics[name] === undefined ? name : `${name} of ${scope.name} ${scope.version}`;
      if (metrics[key] !== undefined) throw new Error(`${key} twice in one push`);
      metrics[key] = exported(metric, scope.name);
    }
  }
  return { resource: record(only.resource.attributes), metrics };
}

function exported(metric: Metric, scope: string): ExportedMetric {
  const kind = (['gauge', 'sum', 'histogram', 'exponentialHistogram'] as const).find((one) => metric[one]);
  if (kind === undefined) throw new Error(`${metric.name} has no data`);
  const data = { ...metric[kind] } as NonNullable<Metric['sum']>;
  const temporality = TEMPORALITIES[data.aggregationTemporality ?? 0];
  return {
    kind,
    scope,
    description: metric.description ?? '',
    unit: metric.unit ?? '',
    ...(temporality && { temporality }),
    ...(kind === 'sum' && { monotonic: data.isMonotonic ?? false }),
    points: data.dataPoints.map((point) => ({
      labels: record(point.attributes ?? []),
      value: pointValue(point, kind === 'exponentialHistogram'),
      start: Number(point.startTimeUnixNano),
      time: Number(point.timeUnixNano),
    })),
  };
}

function pointValue({ asInt, asDouble, count, ...histogram }: Point, isExponential: boolean): ExportedPoint['value'] {
  if (count === undefined) return Number(asInt ?? asDouble);
  const { sum, bucketCounts, explicitBounds, scale, zeroCount, positive, min, max } = histogram;
  return {
    count: Number(count),
    ...(sum !== undefined && { sum }),
    ...(bucketCounts && { buckets: bucketCounts.map(Number) }),
    ...(explicitBounds && { bounds: explicitBounds }),
    // Protobuf leaves out what is 0 or empty.
    ...(isExponential && {
      scale: scale ?? 0,
      zeros: Number(zeroCount ?? 0),
      offset: positive?.offset ?? 0,
      buckets: (positive?.bucketCounts ?? []).map(Number),
    }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}

function record(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.doubleValue ?? value.boolValue ?? Number(value.intValue),
    ]),
  );
}
