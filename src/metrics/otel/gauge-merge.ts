import type { Attributes } from '@opentelemetry/api';
import { type DataPoint, DataPointType, type MetricData, type ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { isAdditive, metricKey } from './metric-identity.ts';

/** A process, or a thread of one, that reports metrics. */
export interface Source {
  /** The process id; a thread appends its number, as in `4711.2`. */
  readonly pid: string;
}

/** How the values of one gauge in several processes are merged; `pid` keeps a series for each process. */
export type GaugeMerge = 'sum' | 'max' | 'pid';

/** How to merge a gauge, by the name of its instrument; undefined where only one process can have it. */
export type GaugeRule = (name: string) => GaugeMerge | undefined;

interface MergedState {
  readonly scope: ScopeMetrics['scope'];
  readonly metric: MetricData & { dataPoints: DataPoint<number>[] };
}

/** Merges the gauges by the rule. Up-down counters always add up, because that is what they are defined for. */
export function mergeGauges(states: ReadonlyMap<Source, readonly ScopeMetrics[]>, rule: GaugeRule): MergedState[] {
  const found = new Map<string, MergedState & { points: Map<string, DataPoint<number>> }>();
  for (const [{ pid }, scopes] of states) {
    for (const { scope, metrics } of scopes) {
      for (const metric of metrics) {
        if (isAdditive(metric) || !isState(metric)) continue;
        const key = metricKey(scope, metric);
        const merge = metric.dataPointType === DataPointType.SUM ? 'sum' : rule(metric.descriptor.name);
        let family = found.get(key);
        if (family === undefined) {
          family = { scope, metric: { ...metric, dataPoints: [] }, points: new Map() };
          found.set(key, family);
        }
        for (const point of metric.dataPoints) put(family.points, merge === 'pid' ? withPid(point, pid) : point, merge);
      }
    }
  }
  for (const { metric, points } of found.values()) metric.dataPoints.push(...points.values());
  return [...found.values()];
}

const isState = (metric: MetricData): metric is MergedState['metric'] =>
  metric.dataPointType === DataPointType.SUM || metric.dataPointType === DataPointType.GAUGE;

function put(points: Map<string, DataPoint<number>>, point: DataPoint<number>, merge: GaugeMerge | undefined): void {
  const key = seriesKey(point.attributes);
  const other = points.get(key);
  if (other === undefined) points.set(key, point);
  else if (merge === 'sum') points.set(key, { ...other, value: other.value + point.value });
  else if (merge === 'max') points.set(key, { ...other, value: Math.max(other.value, point.value) });
}

/** Equal for attributes that are the same labels in a scrape, where a number and its text are equal. */
export const seriesKey = (attributes: Attributes): string =>
  JSON.stringify(
    Object.entries(attributes)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const withPid = (point: DataPoint<number>, pid: string): DataPoint<number> => ({
  ...point,
  attributes: { ...(point.attributes as Attributes), pid },
});
