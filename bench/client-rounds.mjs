// The cost of one call of a client, in processes that make nothing but calls. It is watched in some rounds, and not in others.
import { Child, file } from './children.mjs';
import { added, number } from './format.mjs';
import { Rounds, shuffled } from './stats.mjs';

/** A process is faster before its first garbage collections, which every app has had that loads something. */
const WARM_UP_COLLECTIONS = 6;
/** Whether each kind of round is watched. */
const ROUNDS = { ours: true, bare: false, again: false };

/** @returns CPU time per call, microseconds */
async function call(client, times, isWatching) {
  const { us, recorded } = await client.ask('calls', { times, isWatching });
  const expected = isWatching ? times : 0;
  if (recorded !== expected) throw new Error(`expected ${expected} recorded calls, got ${recorded}`);
  return us;
}

/** One process: starts it, warms it up in both states, and measures them in turns. */
async function measureProcess({ env, rounds, calls, warmUp }, measured, group) {
  const client = new Child(['--expose-gc', file('app/client.js')], env);
  await client.until(() => client.isReady);
  for (let i = 0; i < WARM_UP_COLLECTIONS; i++) {
    for (const isWatching of [true, false]) await call(client, warmUp / WARM_UP_COLLECTIONS / 2, isWatching);
    await client.ask('collect');
  }
  for (let i = 0; i < rounds; i++) {
    const round = {};
    for (const name of shuffled(Object.keys(ROUNDS))) round[name] = await call(client, calls, ROUNDS[name]);
    measured.add(round, group);
  }
  await client.stop();
}

/**
 * @param options.client     of app/client.js
 * @param options.env        for it
 * @param options.maxAddedUs the budget
 * @returns the row of the report
 */
export async function measureClient({ generations, client, maxAddedUs, ...options }) {
  const env = { ...options.env, BENCH_CLIENT: client };
  const measured = new Rounds();
  for (let i = 0; i < generations; i++) await measureProcess({ ...options, env }, measured, i);
  const difference = (name) => measured.of((round) => round[name] - round.bare);
  return {
    what: `CPU added, a call of ${client}`,
    budget: `<= ${maxAddedUs} us`,
    cells: {
      ours: added(difference('ours'), 'us'),
      again: added(difference('again'), 'us'),
      bare: `${number(measured.of((round) => round.bare).median)} us in all`,
    },
    met: difference('ours').median <= maxAddedUs,
  };
}

/** How the rows were measured. */
export const howMeasured = ({ generations, rounds, calls, warmUp }) =>
  `CPU time of a process over ${calls} calls of a server on this machine, 16 at a time, watched against not watched in the same process, after ${warmUp} calls and ${WARM_UP_COLLECTIONS} forced collections to warm up; ${rounds} rounds in each of ${generations} processes; every watched call is recorded, and no other`;
