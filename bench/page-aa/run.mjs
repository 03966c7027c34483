// npm run bench:page-aa [-- --quick]: how often the live page colours a comparison in which nothing has changed, and how often
// it sees the fix of the demo. The simulated services are the same in every run; the demos are real, a few at a time.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DRIFTS, seededRandom } from '../compare/model.mjs';
import { watchDemo, watchFix } from './demos.mjs';
import { simulate } from './simulated.mjs';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    simulated: { type: 'string' },
    demos: { type: 'string' },
    fixes: { type: 'string' },
  },
});
const runs = (given, all, quick) => Number(given ?? (options.quick ? quick : all));
const SIMULATED = runs(options.simulated, 200, 20);
const DEMOS = runs(options.demos, 20, 2);
const FIXES = runs(options.fixes, 5, 1);
const PARALLEL = 4;
const WATCH_SECONDS = options.quick ? 120 : 360;

const percent = (hits, of) => (of === 0 ? '-' : `${((100 * hits) / of).toFixed(1)} %`);
const started = performance.now();
const report = (text) => process.stderr.write(`${Math.round((performance.now() - started) / 1000)} s: ${text}\n`);

/** Cells that a comparison coloured, for the log. */
const describe = ({ coloured, looks, judged }) =>
  `${looks} looks, ${judged} long enough; ${[...coloured].map(([cell, { looks, change }]) => `${cell} ${(100 * change.value).toFixed(0)} % in ${looks}`).join(', ') || 'nothing coloured'}`;

/** Runs tasks, some at a time. */
async function inParallel(count, parallel, task) {
  const results = [];
  let next = 0;
  const work = async () => {
    for (let i = next++; i < count; i = next++) results[i] = await task(i);
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return results;
}

const random = seededRandom(20);
const secondsBefore = (low, high) => Math.round(low * (high / low) ** random.uniform());
const wrong = (watchers) => watchers.filter(({ coloured }) => coloured.size > 0).length;
const judged = (watchers) => watchers.filter(({ judged }) => judged > 0).length;

/** A row for each kind of simulated comparison; each kind has a quarter of them. */
const simulated = [];
for (const drift of ['none', 'drift']) {
  for (const deploys of [false, true]) {
    const watchers = [];
    for (let i = 0; i < SIMULATED / 4; i++) {
      const one = {
        seed: 1_000 * simulated.length + i,
        drift: DRIFTS[drift],
        deploys,
        secondsBefore: secondsBefore(30, 900),
      };
      watchers.push(await simulate({ ...one, secondsAfter: 900 }));
      if (watchers.at(-1).coloured.size > 0) report(`simulated ${drift} ${i}: ${describe(watchers.at(-1))}`);
    }
    simulated.push({ drift, deploys, watchers });
    report(`simulated, ${drift}, ${deploys ? 'deployment' : 'mark'}: ${wrong(watchers)} of ${watchers.length}`);
  }
}
const allSimulated = simulated.flatMap(({ watchers }) => watchers);

// The demos start at different moments, so that four of them are not at the same point of their lives.
const demos = await inParallel(DEMOS, PARALLEL, async (i) => {
  const watcher = await watchDemo({ secondsBefore: secondsBefore(30, 180), secondsAfter: WATCH_SECONDS });
  report(`demo ${i}: ${describe(watcher)}`);
  return watcher;
});
const fixes = await inParallel(FIXES, PARALLEL, async (i) => {
  const watcher = await watchFix({ secondsBefore: 180, secondsAfter: WATCH_SECONDS });
  report(`fix ${i}: ${describe(watcher)}`);
  return watcher;
});
const sees = (measure) => fixes.filter(({ last }) => last.includes(`GET /checkout/:cart ${measure} better`)).length;

const bar = (cells) => `| ${cells.join(' | ')} |`;
const row = (name, watchers) =>
  bar([name, watchers.length, judged(watchers), wrong(watchers), percent(wrong(watchers), watchers.length)]);
const text = `# How far before and after on the live page can be trusted

Written by \`npm run bench:page-aa${options.quick ? ' -- --quick' : ''}\` on ${new Date().toISOString().slice(0, 10)}, in ${Math.round((performance.now() - started) / 60_000)} minutes on ${cpus().length} cores, on the page's own code without its views.
Somebody watches each comparison while it grows, every 5 seconds. It is wrong when any cell of the table was coloured at any
of these looks: six measures of each endpoint, and of all together.

## Nothing has changed

| | comparisons | with enough time for verdicts | coloured | |
| --- | --- | --- | --- | --- |
${simulated.map(({ drift, deploys, watchers }) => row(`simulated, ${drift === 'none' ? 'no drift' : 'drift'}, ${deploys ? 'a deployment' : 'a mark'}`, watchers)).join('\n')}
${row('simulated, all', allSimulated)}
${row('the demo', demos)}

Simulated: up to 20 endpoints with 0.1 to 30 requests a second each, some with a tail or with errors, behind a process that
needs some time to get fast. It starts 0.5 to 15 minutes before the mark, and somebody watches for 15 minutes. A
deployment replaces the process by one that is just as fast and starts again. Under drift the machine's speed wanders by
${DRIFTS.drift.spread * 100} %, forgetting where it was in ${DRIFTS.drift.minutes} minutes.
The demo: \`npm run demo\`, started fresh, ${PARALLEL} at a time. The mark is set after 30 to 180 seconds, and somebody watches for ${WATCH_SECONDS / 60} minutes.

## The fix of the demo

The shop runs for 180 seconds, is replaced by the fixed one, and somebody watches for ${WATCH_SECONDS / 60} minutes. At the end, of ${FIXES}
comparisons, GET /checkout/:cart is called better in ${['p50', 'p90', 'p99', 'mean', 'slow'].map((measure) => `${measure}: ${sees(measure)}`).join(', ')}. The fix replaces
the 3 % of requests that took two seconds, so there is little to see in p50 and p90.
`;
console.log(text);
// A quick run must not replace the figures of a full one.
if (!options.quick && options.simulated === undefined && options.demos === undefined && options.fixes === undefined) {
  writeFileSync(fileURLToPath(new URL('../PAGE-AA.md', import.meta.url)), text);
}
