import { type FineHistogram, ZERO_THRESHOLD } from '../../../base/histogram/fine-histogram.ts';
import { HISTOGRAM, SPAN } from './fields.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

/**
 * Writes the native buckets of a histogram: one span of buckets, and for each of them the difference to the count of the one
 * before it. Prometheus drops those that are empty. The threshold tells it that an empty histogram is a native one, too.
 * @see https://prometheus.io/docs/specs/native_histograms/
 */
export function writeNativeBuckets(out: ProtobufWriter, fine: FineHistogram): void {
  out.byte(HISTOGRAM.schema);
  out.signed(fine.scale);
  out.byte(HISTOGRAM.zeroThreshold);
  out.double(ZERO_THRESHOLD);
  out.byte(HISTOGRAM.zeroCount);
  out.varint(fine.zeros);
  const { first, counts } = fine.range;
  out.byte(HISTOGRAM.positiveSpan);
  const span = out.open();
  out.byte(SPAN.offset);
  // Prometheus counts buckets by their upper bound, OpenTelemetry by the lower one.
  out.signed(first + 1);
  out.byte(SPAN.length);
  out.varint(counts.length);
  out.close(span);
  out.byte(HISTOGRAM.positiveDelta);
  const deltas = out.open();
  out.signedDifferences(counts);
  out.close(deltas);
}
