// The cost of one call of a client, in processes that make nothing but calls.
import { Child, file } from './children.mjs';
import { added, number } from './format.mjs';
import { assertCounted } from './scrape.mjs';
import { Rounds, shuffled } from './stats.mjs';
import { again, bare, nodeFlagsOf, ours } from './variants.mjs';

/** A process is faster before its first garbage collections, which every app has had that loads something. */
const WARM_UP_COLLECTIONS = 6;

async function startClient(variant, env) {
  const args = ['--expose-gc', ...nodeFlagsOf(variant), file('app/client.js')];
  const client = new Child(args, { ...variant.env, ...env });
  await client.until(() => client.port);
  if (variant.preload !== bare.preload) {
    client.metricsUrl = await client.until(() => /metrics at (\S+)/.exec(client.stderr)?.[1]);
  }
  return client;
}

/** One generation of clients: starts them, warms them up, and measures them in turns. */
async function measureGeneration({ env, off, counter, rounds, calls, warmUp }, measured, group) {
  const variants = [bare, ours, off, again];
  const clients = new Map();
  for (const variant of shuffled(variants)) {
    const client = await startClient(variant, env);
    clients.set(variant, client);
    await client.ask('warmUp', { times: warmUp, collections: WARM_UP_COLLECTIONS });
  }
  for (let i = 0; i < rounds; i++) {
    const round = {};
    for (const variant of shuffled(variants)) {
      round[variant.name] = await clients.get(variant).ask('calls', { times: calls });
    }
    measured.add(round, group);
  }
  for (const [variant, client] of clients) {
    // The first call, before the client listens, is measured by none.
    await assertCounted(client, variant === off ? 0 : warmUp + rounds * calls, counter);
    await client.stop();
  }
}

/**
 * @param options.client     of app/client.js
 * @param options.env        for it
 * @param options.off        the variant that does not measure such calls
 * @param options.offName    how a row names that variant
 * @param options.counter    the histogram in which each call is found again
 * @param options.maxAddedUs the budget
 * @returns the rows of the report
 */
export async function measureClient({ generations, ...options }) {
  const { client, offName, off, maxAddedUs } = options;
  const env = { ...options.env, BENCH_CLIENT: client };
  const measured = new Rounds();
  for (let i = 0; i < generations; i++) await measureGeneration({ ...options, env }, measured, i);
  const difference = (name) => measured.of((round) => round[name] - round.bare);
  return [
    {
      what: `CPU added, a call of ${client}`,
      budget: `<= ${maxAddedUs} us`,
      cells: {
        ours: added(difference('ours'), 'us'),
        again: added(difference('again'), 'us'),
        bare: `${number(measured.of((round) => round.bare).median)} us in all`,
      },
      met: difference('ours').median <= maxAddedUs,
    },
    { what: `the same, ${offName}`, cells: { ours: added(difference(off.name), 'us') } },
  ];
}

/** How the rows were measured. */
export const howMeasured = ({ generations, rounds, calls, warmUp }) =>
  `CPU time of a process over ${calls} calls of a server on this machine, 16 at a time, after ${warmUp} calls and ${WARM_UP_COLLECTIONS} forced collections to warm up; ${rounds} rounds on each of ${generations} sets of processes`;
