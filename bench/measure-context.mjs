// What it costs that each outgoing call is known by its request, on each supported version of Node.
import { installNodes, NODE_VERSIONS, node } from '../test/support/nodes.ts';
import routes from './app/routes.js';
import { added } from './format.mjs';
import { startRouteServer } from './route-server.mjs';
import { assertCounted } from './scrape.mjs';
import { Rounds, shuffled } from './stats.mjs';
import { startLoad, switchedContext } from './variants.mjs';

/** Whether the context is on in each kind of round. */
const ROUNDS = { on: true, off: false, again: false };
/** From this version on, Node itself carries the context, and it is on by default. */
const FIRST_BUDGETED_NODE = 24;
const MAX_ADDED_US = 0.7;
const CONNECTIONS = 32;
const WARM_UP_COLLECTIONS = 6;

export const title = 'context';

/** @returns CPU time of the server per request, microseconds */
async function drive(load, server, requests, isOn) {
  await server.ask('switchContext', { isOn });
  const before = await server.ask('cpu');
  await load.ask('load', { port: server.port, requests, connections: CONNECTIONS });
  return ((await server.ask('cpu')) - before) / requests;
}

/** One process: starts it, warms it up in both states, and measures them in turns. */
async function measureProcess({ rounds, requests, warmUp }, version, load, measured, group) {
  const server = await startRouteServer(switchedContext, 'waiting', node(version));
  const part = warmUp / WARM_UP_COLLECTIONS / 2;
  for (let i = 0; i < WARM_UP_COLLECTIONS; i++) {
    for (const isOn of [true, false]) await drive(load, server, part, isOn);
    await server.ask('collect');
  }
  for (let i = 0; i < rounds; i++) {
    const round = {};
    for (const name of shuffled(Object.keys(ROUNDS))) round[name] = await drive(load, server, requests, ROUNDS[name]);
    measured.add(round, group);
  }
  const sent = warmUp + rounds * requests * Object.keys(ROUNDS).length;
  await assertCounted(server, sent);
  await server.stop();
}

export async function measure({ contexts }) {
  await installNodes();
  const rows = [];
  const load = await startLoad(routes.targets.map(({ path }) => ({ method: 'GET', path })));
  for (const version of NODE_VERSIONS) {
    const measured = new Rounds();
    for (let i = 0; i < contexts.generations; i++) await measureProcess(contexts, version, load, measured, i);
    const us = (name) => measured.of((round) => round[name] - round.off);
    const isBudgeted = Number.parseInt(version, 10) >= FIRST_BUDGETED_NODE;
    rows.push({
      what: `CPU added per request, APM_CONTEXT=true, Node ${version}`,
      cells: { ours: added(us('on'), 'us'), again: added(us('again'), 'us') },
      ...(isBudgeted && { budget: `<= ${MAX_ADDED_US} us`, met: us('on').median <= MAX_ADDED_US }),
    });
  }
  await load.stop();
  const { generations, rounds, requests, warmUp } = contexts;
  return {
    rows,
    how: `Context: CPU time of a process over ${requests} requests to Fastify whose handlers wait twice, with the context on against off in the same process, ${CONNECTIONS} connections, after ${warmUp} requests and ${WARM_UP_COLLECTIONS} forced collections to warm up; ${rounds} rounds in each of ${generations} processes. \`again\` is off a second time.`,
  };
}
