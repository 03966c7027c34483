// npm run bench:accuracy: how far shown percentiles are from those of the measured values, beside the default buckets of
// others, and what the fine histograms cost. The random numbers are the same in every run.
import { writeFileSync } from 'node:fs';
import { ExplicitHistogram } from '../../dist/base/histogram/explicit-histogram.js';
import { quantileOf } from '../../dist/base/histogram/histogram.js';
import { addValue } from '../../dist/metrics/model.js';
import { exactQuantile, LATENCIES } from '../../test/support/latencies.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { BOUNDS } from './bounds.mjs';
import { measureCost } from './cost.mjs';
import { shownQuantile, WAYS } from './ours.mjs';

const GOAL = 0.015;
const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99 };
/** Number of values of a sample, and number of samples. */
const SIZES = [
  [1_000, 200],
  [100_000, 40],
];

/** As Prometheus's `histogram_quantile`: above the highest bound it returns that bound. */
function prometheusQuantile(bounds, values, q) {
  const counts = { count: 0, sum: 0, buckets: new Array(bounds.length + 1).fill(0) };
  for (let i = 0; i < values.length; i++) addValue(counts, bounds, values[i]);
  const { value, low } = quantileOf(new ExplicitHistogram(bounds, counts.buckets), q);
  return Number.isFinite(value) ? value : low;
}

const METHODS = {
  ...Object.fromEntries(
    Object.entries(WAYS).map(([way, fineOf]) => [
      way,
      (values) => {
        const fine = fineOf(values);
        return (q) => shownQuantile(fine, q);
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(BOUNDS).map(([name, bounds]) => [name, (values) => (q) => prometheusQuantile(bounds, values, q)]),
  ),
};

/** The errors of each method and quantile, one of each sample, ascending. */
function measure(latencies, size, samples) {
  const random = seededRandom(size);
  const errors = Object.fromEntries(
    Object.keys(METHODS).map((method) => [
      method,
      Object.fromEntries(Object.keys(QUANTILES).map((name) => [name, []])),
    ]),
  );
  for (let i = 0; i < samples; i++) {
    const values = Float64Array.from({ length: size }, latencies(random));
    const sorted = values.toSorted();
    for (const [method, create] of Object.entries(METHODS)) {
      const quantile = create(values);
      for (const [name, q] of Object.entries(QUANTILES)) {
        errors[method][name].push(Math.abs(quantile(q) / exactQuantile(sorted, q) - 1));
      }
    }
  }
  for (const byName of Object.values(errors)) for (const list of Object.values(byName)) list.sort((a, b) => a - b);
  return errors;
}

const percent = (error) => {
  const value = 100 * error;
  if (value >= 10) return Number(value.toPrecision(2)).toLocaleString('en');
  return value.toFixed(1);
};
const cell = (errors) => `${percent(exactQuantile(errors, 0.5))} / ${percent(exactQuantile(errors, 0.95))}`;
const row = (cells) => `| ${cells.join(' | ')} |`;
const started = performance.now();
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const [ours] = Object.keys(WAYS);
const compared = [ours, ...Object.keys(BOUNDS)];
const results = Object.entries(LATENCIES).flatMap(([name, latencies]) =>
  SIZES.map(([size, samples]) => ({ name, size, errors: measure(latencies, size, samples) })),
);
const rows = results.flatMap(({ name, size, errors }) =>
  Object.keys(QUANTILES).map((quantile) => [
    name,
    size.toLocaleString('en'),
    quantile,
    ...compared.map((method) => cell(errors[method][quantile])),
  ]),
);

/** The largest 95th percentile of all rows of a distribution. */
const worst = (name, method) =>
  Math.max(
    ...results
      .filter((result) => result.name === name)
      .flatMap(({ errors }) => Object.values(errors[method]))
      .map((errors) => exactQuantile(errors, 0.95)),
  );
const names = Object.keys(LATENCIES);
const summary = names.map((name) => [
  name,
  ...Object.keys(METHODS).map((method) => `${percent(worst(name, method))} %`),
]);
const isMet = names.every((name) => Object.keys(WAYS).every((way) => worst(name, way) <= GOAL));

const list = (bounds) => bounds.map((bound) => `\`${bound}\``).join(' ');
const text = `# How accurate the shown percentiles are

Written by \`npm run bench:accuracy\`. A sample is the durations of one simulated service. Its percentiles, as this package
records, sends, stores and formats them, are compared with the same percentiles of the durations themselves. The error of a
shown percentile is its difference from the exact one, in percent of that. Each row has the median of ${SIZES[0][1]} samples of
${SIZES[0][0].toLocaleString('en')} durations or ${SIZES[1][1]} samples of ${SIZES[1][0].toLocaleString('en')}, and their 95th percentile. The goal is at most ${100 * GOAL} %: **${isMet ? 'met' : 'not met'}**.

Others are read as Prometheus reads them, with \`histogram_quantile\`. Their bounds come from their packages:

${Object.entries(BOUNDS)
  .map(([name, bounds]) => `- ${name}: ${list(bounds)}`)
  .join('\n')}

The last but one are what a histogram of OpenTelemetry's SDK has when nobody chose its buckets; they are meant for milliseconds.

## The largest 95th percentile of the error

${table(['durations', ...Object.keys(WAYS), ...Object.keys(BOUNDS)], summary)}

## Every percentile

In percent: median / 95th percentile. "This package" is ${ours}.

${table(['durations', 'in a sample', '', 'this package', ...Object.keys(BOUNDS)], rows)}

## What it costs

On Node ${process.version}, the shortest of several rounds.

${table(['what', 'cost'], measureCost())}
`;
console.log(text);
console.log(`${Math.round((performance.now() - started) / 1000)} s`);
writeFileSync(new URL('../ACCURACY.md', import.meta.url), text);
if (!isMet) {
  console.error(`The goal of ${100 * GOAL} % is not met.`);
  process.exitCode = 1;
}
