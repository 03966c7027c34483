// What the fine histograms cost: time to record, to take and to send increments, and memory.
import { FineHistogram } from '../../dist/base/histogram/fine-histogram.js';
import { createDeltaTaker } from '../../dist/metrics/deltas.js';
import { WireWriter } from '../../dist/processes/wire-format.js';
import { LATENCIES } from '../../test/support/latencies.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { createProcess } from './ours.mjs';

const ROUNDS = 20;
const RECORDS = 500_000;
const VALUES = 65_536;

/** The shortest time of several rounds: other programs of the machine make it longer, and nothing makes it shorter. */
function shortest(prepare, run) {
  let nanoseconds = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ROUNDS; i++) {
    prepare();
    const start = process.hrtime.bigint();
    run();
    nanoseconds = Math.min(nanoseconds, Number(process.hrtime.bigint() - start));
  }
  return nanoseconds;
}

const valuesOf = (name) => Float64Array.from({ length: VALUES }, LATENCIES[name](seededRandom(7)));

/** Nanoseconds of one value, with those of the loop. */
function measureRecord(series) {
  const values = valuesOf('log-normal');
  const histograms = Array.from({ length: series }, () => new FineHistogram());
  const record = () => {
    for (let i = 0; i < RECORDS; i++) histograms[(i * 7_919) % series].record(values[i % VALUES]);
  };
  return shortest(() => {}, record) / RECORDS;
}

/** Microseconds of one series that grew by some requests: to take its increment, and to make the message of it. */
function measureIncrement(series, requests) {
  const values = valuesOf('log-normal');
  const counted = createProcess();
  const take = createDeltaTaker(counted.all);
  const writer = new WireWriter(counted.kinds);
  let next = 0;
  const grow = (times) => {
    for (let i = 0; i < series * times; i++) {
      counted.plain.requests.record(`/${i % series}`, 'GET', 200, values[next++ % VALUES]);
    }
  };
  grow(200);
  const encode = (taken) => {
    for (const part of writer.increments({ series: taken, instruments: [] })) JSON.stringify(part);
  };
  encode(take());
  let taken;
  const ofTake = shortest(
    () => grow(requests),
    () => {
      taken = take();
    },
  );
  return {
    take: ofTake / series / 1000,
    message:
      shortest(
        () => {},
        () => encode(taken),
      ) /
      series /
      1000,
  };
}

/** Bytes of the histogram of one series. */
function measureBytes(draw) {
  const count = 200;
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: count }, () => {
    const histogram = new FineHistogram();
    for (let i = 0; i < 10_000; i++) histogram.record(draw());
    return histogram;
  });
  globalThis.gc();
  return (process.memoryUsage().heapUsed - before) / kept.length;
}

const bytes = (value) => `${(value / 1000).toFixed(1)} KB`;

export function measureCost() {
  // The first measurement has the code compiled meanwhile.
  measureBytes(() => 1);
  const random = seededRandom(11);
  const anything = () => 2 ** (-24 + 41 * random());
  const rows = [
    ...[1, 100, 5_000].map((n) => [
      `to record a value, ${n.toLocaleString('en')} series in turn`,
      `${measureRecord(n).toFixed(0)} ns`,
    ]),
    ...[1_000, 5_000].flatMap((n) =>
      [1, 10].map((requests) => {
        const { take, message } = measureIncrement(n, requests);
        return [
          `to take and to write the increments of ${n.toLocaleString('en')} series with ${requests} new requests each`,
          `${take.toFixed(2)} us and ${message.toFixed(2)} us a series`,
        ];
      }),
    ),
    ...Object.entries(LATENCIES).map(([name, create]) => [
      `memory of a series, ${name}`,
      bytes(measureBytes(create(seededRandom(3)))),
    ]),
    ['memory of a series with every value from 60 ns to 36 hours', bytes(measureBytes(anything))],
  ];
  return rows;
}
