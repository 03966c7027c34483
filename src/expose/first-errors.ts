import type { Attributes } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import type { RequestLabels } from '../metrics/kinds.ts';
import { emptyExponentialHistogram } from '../metrics/otel/exponential-histogram.ts';
import type { HistogramWithFine } from '../metrics/otel/metric-data.ts';
import { DB_SYSTEM, EXPORTED_LABEL, METHOD, ROUTE, SCOPE, SERVER_ADDRESS, STATUS_CODE } from '../semconv.ts';

type Value = number | Histogram | ExponentialHistogram;
type Point = DataPoint<Value>;

/** A series that is new to a receiver. @property labels  undefined where it counts outgoing calls */
interface NewSeries {
  readonly key: string;
  readonly labels: RequestLabels | undefined;
}

export interface WithoutFirstErrors {
  /** What was given, where nothing in it is new. */
  readonly scopes: ScopeMetrics[];
  readonly hidden: readonly NewSeries[];
}

/**
 * Prometheus computes `increase()` and `rate()` from the second value of a series on. A series of failures begins when the
 * first failures are counted, so these would never be seen, and no alert would fire. So a receiver gets each such series as
 * 0 once, and its value from then on. A series of 0 for each path, method and status would need no delay, but it would
 * cost several series for each path, and could not exist before a path is known.
 * @param known   keys of the series that the receiver has already
 * @param replace what it gets instead of a point that is new to it
 */
export function hideFirstErrors(
  scopes: ScopeMetrics[],
  known: ReadonlySet<string>,
  replace: (point: Point) => Point[],
): WithoutFirstErrors {
  const hidden: NewSeries[] = [];
  const hideIn = (metric: MetricData): MetricData => {
    const points = isTotal(metric) ? (metric.dataPoints as Point[]) : [];
    const isNew = (point: Point): boolean => {
      const key = errorKey(metric, point);
      return key !== '' && !known.has(key);
    };
    // Nearly always nothing is new: then nothing is copied.
    if (!points.some(isNew)) return metric;
    const dataPoints = points.flatMap((point) => {
      if (!isNew(point)) return point;
      hidden.push({ key: errorKey(metric, point), labels: requestLabels(point.attributes) });
      return replace(point);
    });
    return { ...metric, dataPoints } as MetricData;
  };
  const replaced = scopes.map((each) =>
    each.scope.name === SCOPE ? { scope: each.scope, metrics: each.metrics.map(hideIn) } : each,
  );
  return { scopes: hidden.length === 0 ? scopes : replaced, hidden };
}

/** The same point, before anything was counted. */
export function zeroOf(point: Point): Point {
  const { value } = point;
  if (typeof value === 'number') return { ...point, value: 0 };
  if (!('buckets' in value)) return { ...point, value: emptyExponentialHistogram(value) };
  const { boundaries, counts } = value.buckets;
  const zero: HistogramWithFine = { buckets: { boundaries, counts: counts.map(() => 0) }, sum: 0, count: 0 };
  if ('fine' in value) zero.fine = [];
  return { ...point, value: zero };
}

const isTotal = (metric: MetricData): boolean =>
  metric.aggregationTemporality === AggregationTemporality.CUMULATIVE &&
  (metric.dataPointType === DataPointType.HISTOGRAM ||
    metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM ||
    (metric.dataPointType === DataPointType.SUM && metric.isMonotonic));

/** A series has the same attributes object at every collection, so its text is made once; '' where it counts no failures. */
const labelTexts = new WeakMap<Attributes, string>();

function errorKey({ descriptor }: MetricData, { attributes }: Point): string {
  let text = labelTexts.get(attributes);
  if (text === undefined) {
    text = countsFailures(attributes) ? JSON.stringify(Object.entries(attributes)) : '';
    labelTexts.set(attributes, text);
  }
  return text && `${descriptor.name} ${text}`;
}

/** The value of an attribute under either vocabulary. */
const attributeOf = (attributes: Attributes, name: keyof typeof EXPORTED_LABEL) =>
  attributes[EXPORTED_LABEL[name]] ?? attributes[name];

function requestLabels(attributes: Attributes): RequestLabels | undefined {
  const path = attributeOf(attributes, ROUTE);
  if (path === undefined) return undefined;
  const [method, status] = [attributeOf(attributes, METHOD), attributeOf(attributes, STATUS_CODE)];
  return { ...ownLabels(attributes), path: String(path), method: String(method), status: Number(status) };
}

const KNOWN: readonly string[] = [ROUTE, METHOD, STATUS_CODE].map((name) => EXPORTED_LABEL[name as typeof ROUTE]);

/** The app's own labels: every other attribute has a name of the conventions, which contains a point. */
function ownLabels(attributes: Attributes): Record<string, string> {
  const own = Object.entries(attributes).filter(([name]) => !name.includes('.') && !KNOWN.includes(name));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

/** Answers of 5xx, and outgoing calls without an answer. */
function countsFailures(attributes: Attributes): boolean {
  const status = attributeOf(attributes, STATUS_CODE);
  if (status !== undefined) return Number(status) >= 500;
  if (attributeOf(attributes, ROUTE) !== undefined || attributeOf(attributes, DB_SYSTEM) !== undefined) return false;
  return attributeOf(attributes, SERVER_ADDRESS) !== undefined;
}
