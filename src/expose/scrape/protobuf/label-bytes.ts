import { type Labels, labelPairs } from '../labels.ts';
import { METRIC } from './fields.ts';
import { LENGTH, ProtobufWriter, tag } from './protobuf-writer.ts';

const NAME = tag(1, LENGTH);
const VALUE = tag(2, LENGTH);

const out = new ProtobufWriter(1024);

/** Labels as fields of a metric. */
export function encodeLabels(labels: Labels): Buffer {
  for (const [name, value] of labelPairs(labels)) {
    out.byte(METRIC.label);
    const pair = out.open();
    out.byte(NAME);
    out.text(name);
    out.byte(VALUE);
    out.text(value);
    out.close(pair);
  }
  return out.take();
}
