// CPU added per request and requests/s kept, measured on the same servers in the same rounds.
import { added, number, plain } from './format.mjs';
import { assertCounted } from './scrape.mjs';
import { Rounds, shuffled } from './stats.mjs';
import { mixedTargets } from './targets.mjs';
import { again, bare, ours, oursLabelled, promClient, startLoad, startServer, upstream } from './variants.mjs';

const VARIANTS = [bare, ours, oursLabelled, upstream, promClient, again];
const CONNECTIONS = 32;
/** With few ids a cache of paths helps; with many it does not, so that the cost without a cache is measured too. */
const IDS = { few: 200, many: 8_000 };

export const title = 'requests';

/** Sends one load. @returns CPU time per request, and requests per second */
async function sendLoad(load, server, requests) {
  const before = await server.ask('cpu');
  const seconds = await load.ask('load', { port: server.port, requests, connections: CONNECTIONS });
  return { us: ((await server.ask('cpu')) - before) / requests, rate: requests / seconds };
}

/**
 * One generation of servers: starts them, warms them up, and measures them in turns. Each generation has new processes,
 * because memory layout and compiled code make one process permanently faster or slower than another.
 */
async function measureGeneration({ requestRounds, requests, warmUp }, load, rounds, group) {
  const servers = new Map();
  for (const variant of shuffled(VARIANTS)) {
    const server = await startServer(variant);
    servers.set(variant, server);
    await sendLoad(load, server, warmUp);
  }
  for (let i = 0; i < requestRounds; i++) {
    const round = {};
    for (const variant of shuffled(VARIANTS))
      round[variant.name] = await sendLoad(load, servers.get(variant), requests);
    rounds.add(round, group);
  }
  for (const server of servers.values()) {
    await assertCounted(server, warmUp + requestRounds * requests);
    await server.stop();
  }
}

/** The rows of the report for one set of ids. */
function reportRows(rounds, name, isBudgeted) {
  const us = (variant) => rounds.of((round) => round[variant].us - round.bare.us);
  const kept = (variant) => rounds.of((round) => (100 * round[variant].rate) / round.bare.rate);
  const share = rounds.of((round) => (round.ours.us - round.bare.us) / (round.upstream.us - round.bare.us));
  const bareOf = (field) => number(rounds.of((round) => round.bare[field]).median);
  const cells = (text) =>
    Object.fromEntries(['ours', 'upstream', 'promClient', 'again'].map((variant) => [variant, text(variant)]));
  const rows = [
    {
      what: `CPU added per request, ${name}`,
      budget: '<= 1 us',
      cells: { ...cells((variant) => added(us(variant), 'us')), bare: `${bareOf('us')} us in all` },
      met: us('ours').median <= 1,
    },
    { what: `the same, APM_LABELS and APM_SIZES, ${name}`, cells: { ours: added(us('oursLabelled'), 'us') } },
    {
      what: `ours / upstream, ${name}`,
      budget: '<= 0.10',
      cells: { ours: plain(share, '') },
      met: share.median <= 0.1,
    },
    {
      what: `requests/s kept, ${name}`,
      budget: '>= 97 %',
      cells: { ...cells((variant) => plain(kept(variant), '%')), bare: `${bareOf('rate')}/s` },
      met: kept('ours').median >= 97,
    },
  ];
  return isBudgeted ? rows : rows.map(({ what, cells }) => ({ what, cells }));
}

export async function measure(settings) {
  const rounds = {};
  for (const [name, ids] of Object.entries(IDS)) {
    rounds[name] = new Rounds();
    const load = await startLoad(mixedTargets(ids));
    for (let i = 0; i < settings.generations; i++) await measureGeneration(settings, load, rounds[name], i);
    await load.stop();
  }
  const { requests, warmUp, generations } = settings;
  return {
    rows: [...reportRows(rounds.few, 'known ids', true), ...reportRows(rounds.many, 'new ids', false)],
    how: `CPU and requests/s: user and system time of the server process, and the client's clock, over ${requests} requests on ${CONNECTIONS} keep-alive connections after ${warmUp} to warm up; ${rounds.few.length} rounds on ${generations} sets of processes; every request found again in the scrape. Three of five requests have an id in their path: one of ${IDS.few}, or one of ${IDS.many} so that caches of paths do not help.`,
  };
}
