// Ways of a duration through this package, as it is shipped: recorded, sent to other processes, read from JSON.
import { FineHistogram } from '../../dist/base/histogram/fine-histogram.js';
import { quantileOf } from '../../dist/base/histogram/histogram.js';
import { formatSeconds } from '../../dist/cli/compare/output/format.js';
import { Aggregate } from '../../dist/metrics/aggregate.js';
import { createDeltaTaker } from '../../dist/metrics/deltas.js';
import { createProcessSeries } from '../../dist/metrics/process-series.js';
import { WireWriter } from '../../dist/processes/wire-format.js';
import { WireReader } from '../../dist/processes/wire-reader.js';
import { DEFAULT_BUCKETS } from '../../dist/semconv.js';

export const createProcess = () =>
  createProcessSeries({ buckets: DEFAULT_BUCKETS, maxPaths: 20_000, knownMethods: ['GET'] });

const recordRequest = ({ plain }, seconds) => plain.requests.record('/', 'GET', 200, seconds);
const recordCall = ({ calls }, seconds) => calls.record({ host: 'db', method: 'GET', status: 200 }, seconds);

function recordedBy(record, values) {
  const process = createProcess();
  for (let i = 0; i < values.length; i++) record(process, values[i]);
  return process;
}

const PROCESSES = 4;
const SENDINGS = 5;

/** Each process handles some of the requests, and sends its increments several times. */
function mergedFine(values) {
  const { kinds } = createProcess();
  const total = new Aggregate({ kinds, gauges: () => undefined, maxPaths: 100 });
  const processes = Array.from({ length: PROCESSES }, () => {
    const series = createProcess();
    return { series, take: createDeltaTaker(series.all), writer: new WireWriter(kinds), reader: new WireReader(kinds) };
  });
  const perSending = Math.ceil(values.length / SENDINGS);
  for (let sent = 0; sent < values.length; sent += perSending) {
    const end = Math.min(values.length, sent + perSending);
    for (let i = sent; i < end; i++) recordRequest(processes[i % PROCESSES].series, values[i]);
    for (const { take, writer, reader } of processes) {
      for (const part of writer.increments({ series: take(), instruments: [] })) {
        reader.addIncrements(JSON.parse(JSON.stringify(part)));
      }
      total.add(reader.takeIncrements());
    }
  }
  return total.series.requests[0].fine;
}

/** The fine histogram of these durations, by what was measured. */
export const WAYS = {
  'requests of one process': (values) => recordedBy(recordRequest, values).all.tables.requests.series[0].fine,
  [`requests of ${PROCESSES} processes`]: mergedFine,
  'outgoing calls': (values) => recordedBy(recordCall, values).all.tables.calls.series[0].fine,
};

/** The quantile as a person reads it, in seconds. */
export function shownQuantile(fine, q) {
  const read = FineHistogram.decode(JSON.parse(JSON.stringify(fine.encode())));
  const [number, unit] = formatSeconds(quantileOf(read, q).value, Number.POSITIVE_INFINITY).split(' ');
  return Number(number) / (unit === 'ms' ? 1000 : 1);
}
