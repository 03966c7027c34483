import {
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { type Labels, labelText, metricName, number } from './text.ts';

/** Long enough that a chunk is worth a write, short enough that making one is not felt. */
const CHUNK = 16 * 1024;

/**
 * ResourceMetrics as Prometheus text, in pieces of about 16 KiB, so that whoever sends them may let others run between.
 * Names and types are those of upstream's serializer; `otel_scope_*` labels appear only where two scopes of the app use
 * one name, which without them would be duplicate series.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function* exposition({ resource, scopeMetrics }: ResourceMetrics): Generator<string> {
  let text = '# HELP target_info Target metadata\n# TYPE target_info gauge\n';
  text += `target_info{${labelText(resource.attributes)}} 1\n`;
  for (const family of families(scopeMetrics)) {
    const [first] = family.members;
    if (first === undefined) continue;
    text += `# HELP ${family.name} ${escapeHelp(first.metric.descriptor.description || 'description missing')}\n`;
    text += `# TYPE ${family.name} ${typeOf(first.metric)}\n`;
    for (const { metric, scope } of family.members) {
      const extra = scope === first.scope ? '' : labelText({ otel_scope_name: scope });
      for (const point of metric.dataPoints) {
        text += sample(family.name, metric, point, extra);
        if (text.length >= CHUNK) {
          yield text;
          text = '';
        }
      }
    }
  }
  yield text;
}

interface Family {
  readonly name: string;
  readonly members: { metric: MetricData; scope: string }[];
}

/** Metrics by exported name: a scrape must not begin a family twice. One whose type differs from the first is left out. */
function families(scopeMetrics: ResourceMetrics['scopeMetrics']): Iterable<Family> {
  const found = new Map<string, Family>();
  for (const { scope, metrics } of scopeMetrics) {
    for (const metric of metrics) {
      if (metric.dataPoints.length === 0 || metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) continue;
      const name = metricName(metric);
      const family = found.get(name) ?? { name, members: [] };
      found.set(name, family);
      const [first] = family.members;
      if (first === undefined || typeOf(first.metric) === typeOf(metric))
        family.members.push({ metric, scope: scope.name });
    }
  }
  return found.values();
}

function typeOf(metric: MetricData): string {
  if (metric.dataPointType === DataPointType.SUM) return metric.isMonotonic ? 'counter' : 'gauge';
  return metric.dataPointType === DataPointType.HISTOGRAM ? 'histogram' : 'gauge';
}

function sample(name: string, { dataPointType }: MetricData, { attributes, value }: DataPoint<unknown>, extra: string) {
  const own = cachedLabels(attributes as Labels);
  const labels = own && extra ? `${own},${extra}` : own || extra;
  if (dataPointType === DataPointType.HISTOGRAM) return histogram(name, labels, value as Histogram);
  return labels ? `${name}{${labels}} ${number(value as number)}\n` : `${name} ${number(value as number)}\n`;
}

function histogram(name: string, labels: string, { buckets, sum, count }: Histogram): string {
  const start = labels ? `${name}_bucket{${labels},le="` : `${name}_bucket{le="`;
  const all = labels ? `{${labels}}` : '';
  const ends = lineEnds(buckets.boundaries);
  let text = '';
  let below = 0;
  for (let i = 0; i < ends.length; i++) {
    below += buckets.counts[i] as number;
    text += `${start + ends[i] + below}\n`;
  }
  text += `${start}+Inf"} ${count}\n`;
  // Instruments that may go down have no sum that rate() could read.
  if (sum !== undefined) text += `${name}_sum${all} ${number(sum)}\n`;
  return `${text}${name}_count${all} ${count}\n`;
}

/** What follows `le="` for each bound. Every series of a histogram has the same bounds, as one array. */
const endsOfBounds = new WeakMap<readonly number[], string[]>();

function lineEnds(boundaries: readonly number[]): string[] {
  let ends = endsOfBounds.get(boundaries);
  if (ends === undefined) {
    ends = boundaries.map((bound) => `${bound}"} `);
    endsOfBounds.set(boundaries, ends);
  }
  return ends;
}

/** A series' attributes are the same object at every collection, so that its label text is made once. */
const labelTexts = new WeakMap<Labels, string>();

function cachedLabels(attributes: Labels): string {
  let text = labelTexts.get(attributes);
  if (text === undefined) {
    text = labelText(attributes);
    labelTexts.set(attributes, text);
  }
  return text;
}

function escapeHelp(text: string): string {
  return text.replace(/[\\\n]/g, (character) => (character === '\n' ? '\\n' : '\\\\'));
}
