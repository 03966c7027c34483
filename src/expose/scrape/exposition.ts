import type { DataPoint, Histogram, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { type Labels, seriesLabels } from './labels.ts';
import { type Family, metricFamilies } from './metric-families.ts';
import { escapeHelp, labelText, number } from './text-format.ts';

/** Long enough to be worth a write, short enough not to block the event loop noticeably. */
const CHUNK_CHARS = 16 * 1024;

/**
 * Writes ResourceMetrics as Prometheus text, in pieces of about 16 KiB so that the caller can yield between them. Names
 * and types are those of upstream's serializer. No series is written twice, because Prometheus would refuse the scrape.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function* exposition({ resource, scopeMetrics }: ResourceMetrics): Generator<string> {
  let text = '# HELP target_info Target metadata\n# TYPE target_info gauge\n';
  text += `target_info{${labelText(resource.attributes)}} 1\n`;
  for (const family of metricFamilies(scopeMetrics)) {
    text += `# HELP ${family.name} ${escapeHelp(family.help)}\n# TYPE ${family.name} ${family.type}\n`;
    const written = family.distinct ? undefined : new Set<string>();
    for (const { metric, scopeLabels } of family.members) {
      const scopeText = scopeLabels ? labelText(scopeLabels) : '';
      for (const point of metric.dataPoints) {
        text += series(family, point, scopeText, written);
        if (text.length >= CHUNK_CHARS) {
          yield text;
          text = '';
        }
      }
    }
  }
  if (text !== '') yield text;
}

/** Outside the generator, because V8 runs the body of a generator slowly until it has been called often. */
function series(
  { name, type }: Family,
  { attributes, value }: DataPoint<unknown>,
  scopeText: string,
  written: Set<string> | undefined,
): string {
  const own = labelsOf(attributes, type);
  const labels = own && scopeText ? `${own},${scopeText}` : own || scopeText;
  if (written?.has(labels)) return '';
  written?.add(labels);
  if (type === 'histogram') return histogram(name, labels, value as Histogram);
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
  // Histograms of instruments that can decrease have no sum that rate() could read.
  if (sum !== undefined) text += `${name}_sum${all} ${number(sum)}\n`;
  return `${text}${name}_count${all} ${count}\n`;
}

/** The text after `le="` for each bound. All series of a histogram share one array of bounds. */
const endsOfBounds = new WeakMap<readonly number[], string[]>();

function lineEnds(boundaries: readonly number[]): string[] {
  let ends = endsOfBounds.get(boundaries);
  if (ends === undefined) {
    ends = boundaries.map((bound) => `${bound}"} `);
    endsOfBounds.set(boundaries, ends);
  }
  return ends;
}

/** A series has the same attributes object at every collection, so its label text is made once. */
const labelTexts = new WeakMap<Labels, string>();

function labelsOf(attributes: Labels, type: string): string {
  const labels = seriesLabels(attributes, type);
  let text = labelTexts.get(labels);
  if (text === undefined) {
    text = labelText(labels);
    labelTexts.set(labels, text);
  }
  return text;
}
