import { DOUBLE, LENGTH, tag, VARINT } from './protobuf-writer.ts';

// The fields of the messages that are written.
// https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto

export const FAMILY = {
  name: tag(1, LENGTH),
  help: tag(2, LENGTH),
  type: tag(3, VARINT),
  metric: tag(4, LENGTH),
};

export const METRIC_TYPE = { counter: 0, gauge: 1, histogram: 4 };

export const METRIC = {
  label: tag(1, LENGTH),
  gauge: tag(2, LENGTH),
  counter: tag(3, LENGTH),
  histogram: tag(7, LENGTH),
};

/** Of a gauge, and of a counter. */
export const VALUE = tag(1, DOUBLE);

export const COUNTER = {
  created: tag(3, LENGTH),
};

export const TIMESTAMP = {
  seconds: tag(1, VARINT),
  nanos: tag(2, VARINT),
};

export const HISTOGRAM = {
  sampleCount: tag(1, VARINT),
  sampleSum: tag(2, DOUBLE),
  bucket: tag(3, LENGTH),
  schema: tag(5, VARINT),
  zeroThreshold: tag(6, DOUBLE),
  zeroCount: tag(7, VARINT),
  positiveSpan: tag(12, LENGTH),
  positiveDelta: tag(13, LENGTH),
  created: tag(15, LENGTH),
};

export const BUCKET = {
  cumulativeCount: tag(1, VARINT),
  upperBound: tag(2, DOUBLE),
};

export const SPAN = {
  offset: tag(1, VARINT),
  length: tag(2, VARINT),
};
