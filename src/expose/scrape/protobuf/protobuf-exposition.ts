import type { DataPoint, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { HistogramWithFine } from '../../../metrics/otel/metric-data.ts';
import { type Labels, seriesLabels } from '../labels.ts';
import { type Family, metricFamilies } from '../metric-families.ts';
import { COUNTER, FAMILY, METRIC, METRIC_TYPE, VALUE } from './fields.ts';
import { writeCreated, writeHistogram } from './histogram-message.ts';
import { encodeLabels } from './label-bytes.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** Long enough to be worth a write, short enough not to block the event loop noticeably. */
const PIECE_BYTES = 16 * 1024;

/**
 * Writes ResourceMetrics as delimited messages `io.prometheus.client.MetricFamily`: the families and the series of the
 * text, and native histograms where there are fine ones. The caller can yield between pieces. Some steps give none, because
 * the length of a family goes before its first series.
 */
export function* protobufExposition({ resource, scopeMetrics }: ResourceMetrics): Generator<readonly Buffer[]> {
  const out = new ProtobufWriter(PIECE_BYTES + 4 * 1024);
  const target = { attributes: resource.attributes, value: 1 } as DataPoint<number>;
  writeMetric(out, 'gauge', target, NO_LABELS, undefined);
  yield family({ name: 'target_info', help: 'Target metadata', type: 'gauge' }, [out.take()]);
  for (const each of metricFamilies(scopeMetrics)) {
    const pieces: Buffer[] = [];
    const written = each.distinct ? undefined : new Set<string>();
    for (const { metric, scopeLabels } of each.members) {
      const scopeBytes = scopeLabels ? encodeLabels(scopeLabels) : NO_LABELS;
      for (const point of metric.dataPoints) {
        writeMetric(out, each.type, point, scopeBytes, written);
        if (out.length >= PIECE_BYTES) {
          pieces.push(out.take());
          yield [];
        }
      }
    }
    pieces.push(out.take());
    yield family(each, pieces);
  }
}

const NO_LABELS = Buffer.alloc(0);

/** @param metrics the fields of all its metrics */
function family({ name, help, type }: Pick<Family, 'name' | 'help' | 'type'>, metrics: readonly Buffer[]): Buffer[] {
  const out = new ProtobufWriter(256);
  out.byte(FAMILY.name);
  out.text(name);
  out.byte(FAMILY.help);
  out.text(help);
  out.byte(FAMILY.type);
  out.varint(METRIC_TYPE[type]);
  const header = out.take();
  out.varint(metrics.reduce((sum, { length }) => sum + length, header.length));
  return [out.take(), header, ...metrics];
}

/** @param written labels of the series so far, where two may have the same */
function writeMetric(
  out: ProtobufWriter,
  type: Family['type'],
  { attributes, value, startTime }: DataPoint<unknown>,
  scopeLabels: Buffer,
  written: Set<string> | undefined,
): void {
  const labels = labelsOf(attributes, type);
  if (written !== undefined) {
    const key = Buffer.concat([labels, scopeLabels]).toString('latin1');
    if (written.has(key)) return;
    written.add(key);
  }
  out.byte(FAMILY.metric);
  const metric = out.open();
  out.copy(labels);
  if (scopeLabels.length > 0) out.copy(scopeLabels);
  out.byte(METRIC[type]);
  const message = out.open();
  if (type === 'histogram') writeHistogram(out, value as HistogramWithFine, startTime);
  else {
    out.byte(VALUE);
    out.double(value as number);
    if (type === 'counter') writeCreated(out, COUNTER.created, startTime);
  }
  out.close(message);
  out.close(metric);
}

/** A series has the same attributes object at every collection, so its labels are encoded once. */
const encodedLabels = new WeakMap<Labels, Buffer>();

function labelsOf(attributes: Labels, type: string): Buffer {
  const labels = seriesLabels(attributes, type);
  let bytes = encodedLabels.get(labels);
  if (bytes === undefined) {
    bytes = encodeLabels(labels);
    encodedLabels.set(labels, bytes);
  }
  return bytes;
}
