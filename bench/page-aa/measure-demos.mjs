// Real services: the demo, a few at a time.
import { availableParallelism } from 'node:os';
import { watchDemo, watchFix } from './demos.mjs';
import { describe, tableOf } from './report.mjs';

const DEMOS = 20;
const FIXES = 5;
const PARALLEL = 5;
/** Of a fresh demo before the mark: two minutes, what its start takes, and some more. */
const SECONDS_BEFORE = { low: 150, high: 270 };
const SECONDS_AFTER = 250;
/** Of the shop before its fix: two minutes, and what its start takes. */
const SECONDS_BEFORE_FIX = 240;
/** What the fix changes. */
const FIXED = 'GET /checkout/:cart';
const MEASURES = ['p50', 'p90', 'p99', 'mean', 'slow'];

/** Runs tasks, some at a time. On a machine that is too busy, a demo may fail: then another one is started in its place. */
async function runAll(tasks, report) {
  const results = [];
  let next = 0;
  const work = async () => {
    for (let i = next++; i < tasks.length; i = next++) {
      while (results[i] === undefined) {
        results[i] = await tasks[i]().catch((error) => void report(`started again: ${error.message}`));
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return results;
}

/** Nothing changes. */
export async function measureDemos({ quick, report }) {
  const secondsAfter = quick ? 70 : SECONDS_AFTER;
  const { low, high } = SECONDS_BEFORE;
  const demo = async () => {
    const secondsBefore = Math.round(low + (high - low) * Math.random());
    const watcher = await watchDemo({ secondsBefore, secondsAfter });
    report(`demo, ${secondsBefore} s before: ${describe(watcher)}`);
    return watcher;
  };
  const demos = await runAll(Array(quick ? 2 : DEMOS).fill(demo), report);
  const text = `${tableOf({ 'the demo': demos })}

\`npm run demo\`, started fresh, ${PARALLEL} at a time on ${availableParallelism()} cores. The mark is set after ${low} to ${high} seconds, and somebody watches for ${secondsAfter} seconds.`;
  return { title: 'Nothing has changed: the demo', text };
}

/** The demo's own fix: it shortens the 3 % of the requests of an endpoint that take two seconds. */
export async function measureFixes({ quick, report }) {
  const secondsAfter = quick ? 70 : SECONDS_AFTER;
  const fix = async () => {
    const watcher = await watchFix({ secondsBefore: SECONDS_BEFORE_FIX, secondsAfter });
    report(`fix: ${describe(watcher)}`);
    return watcher;
  };
  const fixes = await runAll(Array(quick ? 1 : FIXES).fill(fix), report);
  const isBetter = (watcher, measure) => watcher.last.includes(`${FIXED} ${measure} better`);
  const better = MEASURES.map((measure) => `${measure} in ${fixes.filter((one) => isBetter(one, measure)).length}`);
  const others = fixes.filter(({ coloured }) =>
    [...coloured.keys()].some((cell) => !cell.startsWith(FIXED) && !cell.startsWith('service ')),
  );
  const text = `The shop runs for ${SECONDS_BEFORE_FIX} seconds, is replaced by the fixed one with a new version, and somebody watches for ${secondsAfter} seconds;
${PARALLEL} at a time on ${availableParallelism()} cores. Of ${fixes.length} comparisons, ${FIXED} is better at the end by ${better.join(', ')}; any
other endpoint was coloured in ${others.length}. The fix shortens the 3 % of its requests that take two seconds, so there is little to see in
p50 and p90.`;
  return { title: "The demo's fix is found", text };
}
