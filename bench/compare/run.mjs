// npm run bench:compare [-- --quick]: the false positives and the power of apm compare, on its own code. The random
// numbers are the same in every run.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { quantile } from '../../dist/base/histogram.js';
import { compareSides } from '../../dist/cli/compare/statistics/compare.js';
import { METHODS } from '../../dist/cli/compare/statistics/methods.js';
import { endpointCounts } from '../../dist/cli/compare/statistics/mix-standardisation.js';
import { EXPERIMENTS } from './experiments.mjs';
import { BOUNDS, DRIFTS, FASTER, SERVICE, SHORTER_TAIL, seededRandom } from './model.mjs';

const { values: options } = parseArgs({ options: { quick: { type: 'boolean' } } });
const RUNS = options.quick ? 60 : 600;
const FAMILIES = options.quick ? 10 : 100;
const ROUTES = 20;
const QUANTILES = [0.5, 0.9, 0.99];
const SETTINGS = { objective: 0.5, confidence: 0.95 };
const started = performance.now();

const percent = (hits, of) => `${((100 * hits) / of).toFixed(1)} %`;
const bar = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [bar(head), bar(head.map(() => '---')), ...rows.map(bar)].join('\n');

/** For each percentile, the number of experiments with a difference at 5 %, without correction. */
function found(method, drift, after, runs, seed) {
  const hits = { ours: QUANTILES.map(() => 0), naive: QUANTILES.map(() => 0) };
  for (let run = 0; run < runs; run++) {
    const random = seededRandom(seed * 100_003 + run);
    const [before, then] = EXPERIMENTS[method]([SERVICE], [after], DRIFTS[drift], random);
    const countsOf = endpointCounts('GET /route/0', before);
    QUANTILES.forEach((q, i) => {
      const difference = METHODS[method].judge({
        before,
        after: then,
        countsBefore: countsOf,
        countsAfter: countsOf,
        q,
        confidence: 0.95,
      });
      if (difference && difference.p <= 0.05 && difference.confirmed) hits.ours[i]++;
      if (naive(before, then, countsOf, q)) hits.naive[i]++;
    });
  }
  return hits;
}

/** A naive test that takes all requests as independent: the standard error of a percentile is that of its rank. */
function naive(before, after, countsOf, q) {
  const [a, b] = [before, after].map(({ blocks }) => {
    const counts = countsOf(blocks);
    const n = counts.reduce((sum, count) => sum + count, 0);
    const reach = Math.sqrt((q * (1 - q)) / n);
    const at = (rank) => Math.log(quantile(BOUNDS, counts, Math.min(rank, 1)).value);
    return { at: at(q), error: (at(q + reach) - at(q - reach)) / 2 };
  });
  return Math.abs(b.at - a.at) / Math.hypot(a.error, b.error) > 1.96;
}

const drifts = Object.keys(DRIFTS);
const false5 = [];
const power = [];
let seed = 1;
for (const method of Object.keys(EXPERIMENTS)) {
  const nothing = drifts.map((drift) => found(method, drift, SERVICE, RUNS, seed++));
  const shares = (hits) => hits.map((n) => percent(n, RUNS)).join(' / ');
  false5.push([method, ...nothing.map(({ ours }) => shares(ours))]);
  false5.push([`${method}, taking requests for independent`, ...nothing.map(({ naive }) => shares(naive))]);
  for (const [name, after] of Object.entries({ 'all 10 % faster': FASTER, 'tail 40 % shorter': SHORTER_TAIL })) {
    power.push([method, name, ...drifts.map((drift) => shares(found(method, drift, after, RUNS, seed++).ours))]);
  }
  process.stderr.write(`${method} done\n`);
}

/** Endpoints of many speeds: some of their percentiles are near a bound, so they are not below resolution. */
const SERVICES = Array.from({ length: ROUTES }, (_, i) => {
  const factor = 2 ** (i / ROUTES);
  return { ...SERVICE, median: SERVICE.median * factor, slow: SERVICE.slow * factor };
});

/** How often anything is called faster or slower without a change: three percentiles of each endpoint, and of the service. */
const families = Object.keys(EXPERIMENTS).flatMap((method) => {
  const wrong = drifts.map((drift) => {
    const hits = { endpoints: 0, service: 0 };
    for (let run = 0; run < FAMILIES; run++) {
      const [before, after] = EXPERIMENTS[method](SERVICES, SERVICES, DRIFTS[drift], seededRandom(seed++ * 7_919));
      const { endpoints, service } = compareSides(method, before, after, SETTINGS);
      if (endpoints.some(hasClaim)) hits.endpoints++;
      if (hasClaim(service)) hits.service++;
    }
    return hits;
  });
  return [
    [`${method}, ${ROUTES} endpoints`, ...wrong.map(({ endpoints }) => percent(endpoints, FAMILIES))],
    [`${method}, the service`, ...wrong.map(({ service }) => percent(service, FAMILIES))],
  ];
});

function hasClaim({ quantiles }) {
  return quantiles.some(({ verdict }) => verdict === 'faster' || verdict === 'slower');
}

const head = ['', 'no drift', 'drift', 'strong drift'];
const text = `# How far apm compare can be trusted

Written by \`npm run bench:compare${options.quick ? ' -- --quick' : ''}\` on ${new Date().toISOString().slice(0, 10)}, in ${Math.round((performance.now() - started) / 1000)} s: ${RUNS} simulated experiments for each figure, on the code that is shipped and the default bounds.

A route has 20 requests a second: 97 % of about 20 ms, 3 % of about a second. Under drift the machine's speed wanders by itself
(${drifts
  .slice(1)
  .map(
    (name) => `${name}: by ${DRIFTS[name].spread * 100} %, forgetting where it was in ${DRIFTS[name].minutes} minutes`,
  )
  .join('; ')}). Rounds: 10 of two 3-minute runs. Periods: half an hour each,
ten minutes apart. Versions: half an hour at the same time, on one machine.

## Called different where nothing is: p50 / p90 / p99, nominally 5 %

${table(head, false5)}

## Any percentile called different where nothing is, after Holm's correction, nominally 5 % (${FAMILIES} experiments each)

The endpoints are from as fast as that one to half as fast.

${table(head, families)}

## Found where something is: p50 / p90 / p99

${table(['', 'what has changed', ...head.slice(1)], power)}
`;
console.log(text);
// A quick run must not replace the figures of a full one.
if (!options.quick) writeFileSync(fileURLToPath(new URL('../COMPARE.md', import.meta.url)), text);
