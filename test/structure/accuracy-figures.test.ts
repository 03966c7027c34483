import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/root.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The rows of the first table of bench/ACCURACY.md: the 95th percentile of the error, by distribution and method. */
const [head = [], , ...rows] = (read('bench/ACCURACY.md').match(/^\|.*\|$/gm) ?? [])
  .slice(0, 7)
  .map((row) => row.slice(2, -2).split(' | '));
const percentOf = (durations: string, method: string) => {
  const row = rows.find(([name]) => name === durations) ?? [];
  return Number(row[head.indexOf(method)]?.replace(/ %$|,/g, ''));
};

const WAYS = ['requests of one process', 'requests of 4 processes', 'outgoing calls'];
const DISTRIBUTIONS = [
  'log-normal',
  'bimodal, such as a cache',
  'heavy-tailed (Pareto)',
  'constant',
  'sub-millisecond',
];
const OTHERS = ['OpenTelemetry, instrumentation-http', 'prom-client'];

it('bench/ACCURACY.md has an error of at most 1.5 % for requests, merged processes and outgoing calls', () => {
  expect(rows.map(([name]) => name)).toEqual(DISTRIBUTIONS);
  for (const name of DISTRIBUTIONS) for (const way of WAYS) expect(percentOf(name, way)).toBeLessThanOrEqual(1.5);
});

describe.each(['README.md', 'README.ko.md', 'docs/native-histograms.md'])('%s', (file) => {
  it('has the figures of bench/ACCURACY.md', () => {
    const ours = Math.max(...DISTRIBUTIONS.flatMap((name) => WAYS.map((way) => percentOf(name, way))));
    for (const method of OTHERS) {
      const [logNormal, constant] = ['log-normal', 'constant'].map((name) => percentOf(name, method));
      const text = read(file).replace(/\s+/g, ' ');
      // The sentences before the link to the figures.
      const sentences = text.slice(0, text.indexOf('bench/ACCURACY.md')).slice(-500);
      const figures = sentences.match(/\d[\d.,]* %/g)?.slice(-3);
      expect(figures).toEqual([`${ours} %`, `${logNormal} %`, `${constant} %`]);
    }
  });
});
