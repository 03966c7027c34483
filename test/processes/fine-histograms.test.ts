import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';
import { Aggregate } from '../../src/metrics/aggregate.ts';
import { createDeltaTaker } from '../../src/metrics/deltas.ts';
import { type Increments, NO_INCREMENTS } from '../../src/metrics/increments.ts';
import { createProcessSeries, type ProcessSeries } from '../../src/metrics/process-series.ts';
import { WireWriter } from '../../src/processes/wire-format.ts';
import { WireReader } from '../../src/processes/wire-reader.ts';
import { DEFAULT_BUCKETS } from '../../src/semconv.ts';
import '../support/histograms.ts';

/** A receiver disconnects at a longer line. */
const MAX_LINE_CHARS = 4 * 1024 * 1024;

const options = { buckets: DEFAULT_BUCKETS, maxPaths: 1_000, knownMethods: ['GET'] };

function createProcess(): ProcessSeries & { send(to: Aggregate): string[] } {
  const process = createProcessSeries(options);
  const take = createDeltaTaker(process.all);
  const connection = createConnection(process);
  return { ...process, send: (to) => connection({ ...NO_INCREMENTS, series: take() }, to) };
}

/** Sends increments over one connection. @returns the lines */
function createConnection({ kinds }: Pick<ProcessSeries, 'kinds'>) {
  const [writer, reader] = [new WireWriter(kinds), new WireReader(kinds)];
  return (increments: Increments, to: Aggregate): string[] => {
    const lines = [...writer.increments(increments)].map((part) => JSON.stringify(part));
    for (const line of lines) reader.addIncrements(JSON.parse(line));
    to.add(reader.takeIncrements());
    return lines;
  };
}

const createAggregate = ({ kinds }: Pick<ProcessSeries, 'kinds'>) =>
  new Aggregate({ kinds, gauges: () => undefined, maxPaths: 1_000 });

/** Mostly as in a service; some need the wider buckets. */
const seconds = fc.oneof(
  fc.double({ min: 1e-4, max: 10, noNaN: true }),
  fc.double({ min: 1e-7, max: 1e5, noNaN: true }),
  fc.constant(0),
);
const request = fc.record({ process: fc.nat(2), path: fc.constantFrom('/a', '/b'), seconds });

it('are the same, merged over any number of sendings, as if one process had handled all requests', () => {
  fc.assert(
    fc.property(fc.array(fc.array(request)), (sendings) => {
      const processes = [createProcess(), createProcess(), createProcess()] as const;
      const single = createProcess();
      const merged = createAggregate(single);
      const wanted = createAggregate(single);
      for (const requests of sendings) {
        for (const { process, path, seconds } of requests) {
          for (const { plain, calls } of [processes[process], single] as ProcessSeries[]) {
            plain.requests.record(path, 'GET', 200, seconds);
            calls.record({ host: path, method: 'GET', status: 200 }, seconds);
          }
        }
        for (const each of processes) each.send(merged);
      }
      single.send(wanted);
      const fineOf = ({ series: { requests = [], calls = [] } }: Aggregate) =>
        Object.fromEntries(
          [...requests, ...calls].map(({ labels, fine }) => [labels.path ?? `to ${labels.host}`, fine?.encode()]),
        );
      expect(fineOf(merged)).toEqual(fineOf(wanted));

      // A leader that exits passes them on.
      const next = createAggregate(single);
      createConnection(single)(merged.readIncrements(), next);
      expect(fineOf(next)).toEqual(fineOf(wanted));
    }),
    { numRuns: 60 },
  );
});

it('are sent in lines that a receiver accepts, when 200 series have every bucket and large counts', () => {
  const process = createProcess();
  const everyBucket = [4, 2 ** 40, -384, 2 ** 40, ...Array.from({ length: 655 }, () => [1, 2 ** 40]).flat()];
  const increments = {
    ...NO_INCREMENTS,
    series: {
      requests: Array.from({ length: 200 }, (_, i) => ({
        labels: { path: `/${i}`, method: 'GET', status: 200 },
        guessed: false,
        count: 657 * 2 ** 40,
        sum: 1,
        buckets: [657 * 2 ** 40, ...Array(DEFAULT_BUCKETS.length).fill(0)],
        fine: FineHistogram.decode(everyBucket),
      })),
    },
  };
  const to = createAggregate(process);
  const lines = createConnection(process)(increments, to);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(MAX_LINE_CHARS / 8);
  expect(to.series.requests?.map(({ fine }) => fine?.encode())).toEqual(new Array(200).fill(everyBucket));
});
