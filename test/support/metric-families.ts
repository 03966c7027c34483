import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

/** The official one: https://github.com/prometheus/client_model 0.6.3, io/prometheus/client/metrics.proto. */
const schema = protobuf.loadSync(fileURLToPath(new URL('prometheus.proto', import.meta.url)));
const MetricFamily = schema.lookupType('io.prometheus.client.MetricFamily');

/** What a scraper asks for that wants native histograms: this is the header of Prometheus 3.16. */
export const ACCEPT_PROTOBUF =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';

export const PROTOBUF_TYPE =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}

export interface HistogramMessage {
  readonly sampleCount: number;
  readonly sampleSum: number;
  readonly bucket: readonly { readonly cumulativeCount: number; readonly upperBound: number }[];
  readonly createdTimestamp: Timestamp;
  readonly schema?: number;
  readonly zeroThreshold?: number;
  readonly zeroCount?: number;
  readonly positiveSpan: readonly { readonly offset: number; readonly length: number }[];
  readonly positiveDelta: readonly number[];
}

export interface MetricMessage {
  readonly label: readonly { readonly name: string; readonly value: string }[];
  readonly gauge?: { readonly value: number };
  readonly counter?: { readonly value: number; readonly createdTimestamp: Timestamp };
  readonly histogram?: HistogramMessage;
}

export interface FamilyMessage {
  readonly name: string;
  readonly help: string;
  readonly type: 'COUNTER' | 'GAUGE' | 'HISTOGRAM';
  readonly metric: readonly MetricMessage[];
}

/** Reads delimited messages. @throws where one is malformed */
export function readFamilies(body: Uint8Array): FamilyMessage[] {
  const reader = protobuf.Reader.create(body);
  const families: FamilyMessage[] = [];
  while (reader.pos < reader.len) {
    const message = MetricFamily.decodeDelimited(reader);
    families.push(MetricFamily.toObject(message, { longs: Number, enums: String, arrays: true }) as FamilyMessage);
  }
  return families;
}

/** The labels of a metric. */
export const labelsOf = ({ label }: MetricMessage): Record<string, string> =>
  Object.fromEntries(label.map(({ name, value }) => [name, value]));

/** The counts of the native buckets that are not empty, by the index of their upper bound. */
export function nativeBuckets({ positiveSpan, positiveDelta }: HistogramMessage): Record<number, number> {
  const found: Record<number, number> = {};
  const deltas = positiveDelta[Symbol.iterator]();
  let [index, count] = [0, 0];
  for (const { offset, length } of positiveSpan) {
    index += offset;
    for (let i = 0; i < length; i++, index++) {
      count += deltas.next().value as number;
      if (count !== 0) found[index] = count;
    }
  }
  if (!deltas.next().done) throw new Error('there are more deltas than the spans have buckets');
  return found;
}

/** The same families in the text format, without native buckets. */
export const toText = (families: readonly FamilyMessage[]): string => families.map(familyText).join('');

function familyText({ name, help, type, metric }: FamilyMessage): string {
  const escapedHelp = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  const samples = metric.flatMap((each) => samplesOf(name, each));
  const lines = samples.map(([sample, labels, value]) => `${sample}${labels} ${numberText(value)}\n`);
  return `# HELP ${name} ${escapedHelp}\n# TYPE ${name} ${type.toLowerCase()}\n${lines.join('')}`;
}

type Sample = [name: string, labels: string, value: number];

function samplesOf(name: string, metric: MetricMessage): Sample[] {
  const { gauge, counter, histogram } = metric;
  const pairs = metric.label.map(({ name, value }) => `${name}="${escapeLabel(value)}"`);
  // The text of target_info has braces even where it has no labels.
  const labels = pairs.length > 0 || name === 'target_info' ? `{${pairs.join(',')}}` : '';
  if (histogram === undefined) return [[name, labels, (gauge ?? counter)?.value as number]];
  const { bucket, sampleCount, sampleSum } = histogram;
  const all = [...bucket, { upperBound: Number.POSITIVE_INFINITY, cumulativeCount: sampleCount }];
  const buckets = all.map(({ upperBound, cumulativeCount }): Sample => {
    const le = `le="${numberText(upperBound)}"`;
    return [`${name}_bucket`, `{${[...pairs, le].join(',')}}`, cumulativeCount];
  });
  // Text leaves out the sum of an instrument that can decrease.
  const sum: Sample[] = Number.isNaN(sampleSum) ? [] : [[`${name}_sum`, labels, sampleSum]];
  return [...buckets, ...sum, [`${name}_count`, labels, sampleCount]];
}

const escapeLabel = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const numberText = (value: number) =>
  String(value)
    .replace('-Infinity', '-Inf')
    .replace(/^Infinity/, '+Inf');
