// npm run bench:compare [-- --quick]: what the verdicts and intervals of apm compare are worth. The random numbers are the same
// in every run.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SIMULATIONS, SOURCES } from './experiments.mjs';
import { ROUTES, STARTS, WATCHED_MINUTES } from './jobs.mjs';
import { DRIFTS, REQUESTS_PER_SECOND } from './model.mjs';
import { runJobs } from './workers.mjs';

const { values: options } = parseArgs({ options: { quick: { type: 'boolean' } } });
const RUNS = options.quick
  ? { nothing: 30, faster: 10, family: 4, watched: 4, watchedDrift: 2, started: 4 }
  : { nothing: 300, faster: 100, family: 60, watched: 200, watchedDrift: 100, started: 40 };
const FASTER = [0.05, 0.1, 0.2, 0.5];
const starts = Object.keys(STARTS);
const drifts = Object.keys(DRIFTS);
const simulations = Object.keys(SIMULATIONS);
const begun = performance.now();

const jobs = [
  ...simulations.flatMap((simulation) =>
    drifts.flatMap((drift) => [
      ...[0, ...FASTER].map((faster) => ({
        job: 'single',
        options: { simulation, drift, faster },
        runs: faster === 0 ? RUNS.nothing : RUNS.faster,
      })),
      { job: 'family', options: { simulation, drift }, runs: RUNS.family },
    ]),
  ),
  ...drifts.map((drift) => ({
    job: 'watched',
    options: { drift },
    runs: drift === 'none' ? RUNS.watched : RUNS.watchedDrift,
  })),
  ...starts.flatMap((start) =>
    drifts.map((drift) => ({ job: 'started', options: { start, drift }, runs: RUNS.started })),
  ),
];
const results = await runJobs(jobs);
/** The sums of the counts of all jobs like this one. */
function sumsOf(job, wanted) {
  const sums = {};
  for (const [i, { job: name, options }] of jobs.entries()) {
    if (name !== job || Object.entries(wanted).some(([key, value]) => options[key] !== value)) continue;
    for (const [key, count] of Object.entries(results[i])) sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}

const percent = (hits, of, digits = 1) => (of > 0 ? `${((100 * hits) / of).toFixed(digits)} %` : '-');
const bar = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [bar(head), bar(head.map(() => '---')), ...rows.map(bar)].join('\n');
const MEASURES = ['p50', 'p90', 'p99', 'mean', 'slow', 'errors'];
const FOUND = MEASURES.slice(0, 5);
const sources = Object.entries(SOURCES);
const eachDrift = (name, cell) => [name, ...drifts.map(cell)];
const head = ['', ...drifts.map((drift) => (drift === 'none' ? 'no drift' : drift))];

const shares = (sums, source, measures, what, of, digits = 0) =>
  measures.map((m) => percent(sums[`${source} ${m} ${what}`], sums[`${source} ${m} ${of}`], digits)).join(' / ');
const falseClaims = sources.map(([source, { simulation }]) =>
  eachDrift(source, (drift) =>
    shares(sumsOf('single', { simulation, drift, faster: 0 }), source, MEASURES, 'claims', 'all', 1),
  ),
);
const families = sources.map(([source, { simulation }]) =>
  eachDrift(source, (drift) => {
    const sums = sumsOf('family', { simulation, drift });
    return percent(sums[`${source} claims`], sums[`${source} all`]);
  }),
);
const power = sources.flatMap(([source, { simulation }]) =>
  FASTER.map((faster) =>
    eachDrift(`${source}, ${faster * 100} % faster`, (drift) =>
      shares(sumsOf('single', { simulation, drift, faster }), source, FOUND, 'claims', 'all'),
    ),
  ),
);
const coverage = sources.map(([source, { simulation }]) =>
  eachDrift(source, (drift) =>
    shares(sumsOf('single', { simulation, drift }), source, MEASURES, 'held', 'intervals', 1),
  ),
);
const widths = sources.map(([source, { simulation }]) =>
  eachDrift(source, (drift) =>
    shares(sumsOf('single', { simulation, drift, faster: 0 }), source, FOUND, 'width', 'intervals', 1),
  ),
);
const wrong = sources.map(([source, { simulation }]) =>
  eachDrift(source, (drift) => {
    const sums = FASTER.map((faster) => sumsOf('single', { simulation, drift, faster }));
    const count = (what) =>
      sums.reduce((all, each) => all + FOUND.reduce((own, m) => own + (each[`${source} ${m} ${what}`] ?? 0), 0), 0);
    return percent(count('wrong'), count('all'), 2);
  }),
);
const watching = drifts.map((drift) => {
  const sums = sumsOf('watched', { drift });
  return `${percent(sums.claims, sums.all)} of ${sums.all}`;
});
const { updates, changes } = sumsOf('watched', { drift: 'none' });
const startUps = starts.flatMap((start) =>
  drifts.map((drift) => {
    const { all, seconds, cut, left, kept } = sumsOf('started', { start, drift });
    return [
      start,
      drift === 'none' ? 'no drift' : drift,
      percent(cut, all, 0),
      `${(seconds / all).toFixed(0)} s`,
      percent(left, all),
      percent(kept, all),
    ];
  }),
);

const cpu = process.cpuUsage();
const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
const cpuMinutes = ((cpu.user + cpu.system) / 60e6).toFixed(1);
const text = `# How far apm compare can be trusted

Written by \`npm run bench:compare${options.quick ? ' -- --quick' : ''}\` on ${new Date().toISOString().slice(0, 10)}, in ${minutes} minutes (${cpuMinutes} of CPU time). Each verdict and each
interval here is what \`compareSides\` gave, the function that \`apm compare\` and the live page call, at 95 % confidence.
${RUNS.nothing} simulated comparisons where nothing changed, ${RUNS.faster} for each change, ${RUNS.family} of ${ROUTES} endpoints.

A route has ${REQUESTS_PER_SECOND} requests a second: 97 % of 20 to 40 ms, 3 % of 1 to 2 s; 1 % fail. Under drift the machine's speed wanders
(${drifts
  .slice(1)
  .map(
    (name) =>
      `${name}: by ${DRIFTS[name].spread * 100} %, remembering where it was for ${DRIFTS[name].minutes} minutes`,
  )
  .join('; ')}). Rounds: 10 of two 3-minute runs.
Recordings and Prometheus: half an hour each, ten minutes apart. Versions: half an hour at the same time, on one machine.
Recordings, rounds and "versions, fine" have fine histograms; Prometheus has the default buckets. The last three rows of a table are
short comparisons. In so little time, a percentile often has too few requests for a verdict, and a drift looks like a change.

## Called better or worse where nothing changed, one endpoint: ${MEASURES.join(' / ')}

The limits are 8 % without drift, and 10 % with it.

${table(head, falseClaims)}

## Any cell called better or worse where nothing changed, ${ROUTES} endpoints of 6 measures, and the service

${table(head, families)}

## The page: any cell coloured at any update in ${WATCHED_MINUTES} minutes, where nothing changed

${table(head, [['watched, 10 minutes before', ...watching]])}

In ${updates} updates of one comparison, the verdicts changed ${changes} times: they are held between two looks.

## Found where everything became faster: ${FOUND.join(' / ')}

A percentile of Prometheus is found only where it left its bucket and the next one. The share over 500 ms moves little with the
durations here: 10 % faster is 3 requests in 1,000 fewer at most.

${table(head, power)}

Called worse although it became faster, of all of these: ${wrong.map(([source, ...cells]) => `${source} ${cells.join(', ')}`).join('; ')}.

## 95 % intervals that hold the truth: ${MEASURES.join(' / ')}

An interval is never narrower than the buckets. Where the buckets are wider than what the requests leave open, it holds the truth
more often than 99 %: always in the default buckets, and for p50 and p90 in fine ones, whose buckets are 2.2 % wide.

${table(head, coverage)}

## Half the width of the intervals where nothing changed, in per cent, of a share in percentage points: ${FOUND.join(' / ')}

${table(head, widths)}

## The start of a process: left out of "before"

Durations begin at three times the usual, and decay; an outage makes them three times the usual, and is not left out. "p50" is
how far it is from the one of a steady process.

${table(['', 'machine', 'left out in', 'seconds left out', 'p50, start-up left out', 'p50, nothing left out'], startUps)}
`;
console.log(text);
// A quick run must not replace the figures of a full one.
if (!options.quick) writeFileSync(fileURLToPath(new URL('../COMPARE.md', import.meta.url)), text);
