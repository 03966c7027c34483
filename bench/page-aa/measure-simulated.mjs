// Simulated services. The random numbers are the same in every run.
import { DRIFTS, seededRandom } from '../compare/model.mjs';
import { describe, tableOf } from './report.mjs';
import { simulate } from './simulated.mjs';

const COMPARISONS = 200;
const KINDS = [
  { name: 'a mark, no drift', drift: DRIFTS.none, deploys: false },
  { name: 'a deployment, no drift', drift: DRIFTS.none, deploys: true },
  { name: 'a mark, drift', drift: DRIFTS.drift, deploys: false },
  { name: 'a deployment, drift', drift: DRIFTS.drift, deploys: true },
];
const SECONDS_BEFORE = { low: 180, high: 900 };
const SECONDS_AFTER = 1_000;

export async function measureSimulated({ quick, report }) {
  const random = seededRandom(20);
  const rows = {};
  for (const [kind, { name, ...given }] of KINDS.entries()) {
    rows[name] = [];
    for (let i = 0; i < (quick ? 5 : COMPARISONS / KINDS.length); i++) {
      const { low, high } = SECONDS_BEFORE;
      const secondsBefore = Math.round(low * (high / low) ** random.uniform());
      const watcher = await simulate({ ...given, seed: 1_000 * kind + i, secondsBefore, secondsAfter: SECONDS_AFTER });
      rows[name].push(watcher);
      if (watcher.coloured.size > 0) report(`${name}, ${i}, ${secondsBefore} s before: ${describe(watcher)}`);
    }
    report(`${name}: done`);
  }
  const text = `${tableOf({ ...rows, all: Object.values(rows).flat() })}

Each service has up to 20 endpoints with 0.1 to 30 requests a second each, some with a tail or with errors, in a process that
needs some time to get fast. It starts ${SECONDS_BEFORE.low / 60} to ${SECONDS_BEFORE.high / 60} minutes before the mark, and somebody watches for ${Math.round(SECONDS_AFTER / 60)} minutes. A
deployment replaces the process by one that is just as fast and needs its time again. Under drift the machine's speed wanders
by ${DRIFTS.drift.spread * 100} %, forgetting where it was in ${DRIFTS.drift.minutes} minutes.`;
  return { title: 'Nothing has changed: simulated services', text };
}
