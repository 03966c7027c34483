import type { HrTime } from '@opentelemetry/api';
import { FineHistogram } from '../../../base/histogram/fine-histogram.ts';
import type { HistogramWithFine } from '../../../metrics/otel/metric-data.ts';
import { BUCKET, HISTOGRAM, TIMESTAMP } from './fields.ts';
import { writeNativeBuckets } from './native-buckets.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

/** Writes the fields of a histogram: the explicit buckets and, where there is a fine histogram, the native ones. */
export function writeHistogram(out: ProtobufWriter, value: HistogramWithFine, start: HrTime): void {
  const { buckets, count, fine } = value;
  out.byte(HISTOGRAM.sampleCount);
  out.varint(count);
  out.byte(HISTOGRAM.sampleSum);
  // Histograms of instruments that can decrease have no sum that rate() could read. Prometheus takes a missing one as 0.
  out.double(value.sum ?? Number.NaN);
  writeBuckets(out, buckets.boundaries, buckets.counts);
  writeCreated(out, HISTOGRAM.created, start);
  if (fine !== undefined) writeNativeBuckets(out, fine.length === 1 ? (fine[0] as FineHistogram) : sumOf(fine));
}

/** @param field of the message that it is part of */
export function writeCreated(out: ProtobufWriter, field: number, [seconds, nanos]: HrTime): void {
  out.byte(field);
  const created = out.open();
  out.byte(TIMESTAMP.seconds);
  out.varint(seconds);
  out.byte(TIMESTAMP.nanos);
  out.varint(nanos);
  out.close(created);
}

/** All but the last one, which has no bound: it may be left out. */
function writeBuckets(out: ProtobufWriter, bounds: readonly number[], counts: readonly number[]): void {
  let below = 0;
  for (let i = 0; i < bounds.length; i++) {
    below += counts[i] as number;
    out.byte(HISTOGRAM.bucket);
    const bucket = out.open();
    out.byte(BUCKET.cumulativeCount);
    out.varint(below);
    out.byte(BUCKET.upperBound);
    out.double(bounds[i] as number);
    out.close(bucket);
  }
}

function sumOf(histograms: readonly FineHistogram[]): FineHistogram {
  const sum = new FineHistogram();
  for (const each of histograms) sum.add(each);
  return sum;
}
