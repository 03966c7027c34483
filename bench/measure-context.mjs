// What it costs that each outgoing call is known by its request, on each supported version of Node.
import { installNodes, NODE_VERSIONS, node } from '../test/support/nodes.ts';
import { added } from './format.mjs';
import { startRouteServer } from './route-server.mjs';
import { assertCounted } from './scrape.mjs';
import { Rounds, shuffled } from './stats.mjs';
import { oursContext, oursNoContext } from './variants.mjs';

const VARIANTS = [oursNoContext, oursContext, { ...oursNoContext, name: 'again' }];
/** From this version on, Node itself carries the context, and it is on by default. */
const FIRST_BUDGETED_NODE = 24;
const MAX_ADDED_US = 0.7;
const WARM_UP_COLLECTIONS = 6;

export const title = 'context';

async function measureGeneration({ rounds, requests, warmUp }, version, measured, group) {
  const servers = new Map();
  for (const variant of shuffled(VARIANTS)) {
    const server = await startRouteServer(variant, 'waiting', node(version));
    servers.set(variant, server);
    await server.ask('warmUp', { requests: warmUp, collections: WARM_UP_COLLECTIONS });
  }
  for (let i = 0; i < rounds; i++) {
    const round = {};
    for (const variant of shuffled(VARIANTS)) {
      round[variant.name] = await servers.get(variant).ask('drive', { requests });
    }
    measured.add(round, group);
  }
  for (const server of servers.values()) {
    await assertCounted(server, warmUp + rounds * requests);
    await server.stop();
  }
}

export async function measure({ contexts }) {
  await installNodes();
  const rows = [];
  for (const version of NODE_VERSIONS) {
    const measured = new Rounds();
    for (let i = 0; i < contexts.generations; i++) await measureGeneration(contexts, version, measured, i);
    const us = (name) => measured.of((round) => round[name] - round.oursNoContext);
    const isBudgeted = Number.parseInt(version, 10) >= FIRST_BUDGETED_NODE;
    rows.push({
      what: `CPU added per request, APM_CONTEXT=true, Node ${version}`,
      cells: { ours: added(us('oursContext'), 'us'), again: added(us('again'), 'us') },
      ...(isBudgeted && { budget: `<= ${MAX_ADDED_US} us`, met: us('oursContext').median <= MAX_ADDED_US }),
    });
  }
  const { generations, rounds, requests, warmUp } = contexts;
  return {
    rows,
    how: `Context: CPU time of a process over ${requests} requests to Fastify whose handlers wait twice, against the same process with APM_CONTEXT=false; sent from within, after ${warmUp} requests and ${WARM_UP_COLLECTIONS} forced collections to warm up; ${rounds} rounds on each of ${generations} sets of processes. \`again\` is a second process with APM_CONTEXT=false.`,
  };
}
