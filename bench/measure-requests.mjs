// CPU added per request and requests/s kept: the same servers, the same rounds.
import { added, number, plain } from './format.mjs';
import { assertCounted } from './scrape.mjs';
import { Rounds, shuffled } from './stats.mjs';
import { mix } from './targets.mjs';
import { again, bare, ours, promClient, startLoad, startServer, upstream } from './variants.mjs';

const VARIANTS = [bare, ours, upstream, promClient, again];
const CONNECTIONS = 32;
/** Ids that come back, and ids that hardly do: no cache of paths may be what is measured. */
const IDS = { few: 200, many: 8_000 };

export const title = 'requests';

/** What one load costs a server, per request, and how fast it went. */
async function drive(load, server, requests) {
  const before = await server.ask('cpu');
  const seconds = await load.ask('load', { port: server.port, requests, connections: CONNECTIONS });
  return { us: ((await server.ask('cpu')) - before) / requests, rate: requests / seconds };
}

/** Servers warmed up and driven in turns; ended, and started anew for the next: a process keeps the luck of its start. */
async function generation({ requestRounds, requests, warmUp }, load, rounds, group) {
  const servers = new Map();
  for (const variant of shuffled(VARIANTS)) {
    const server = await startServer(variant);
    servers.set(variant, server);
    await drive(load, server, warmUp);
  }
  for (let i = 0; i < requestRounds; i++) {
    const round = {};
    for (const variant of shuffled(VARIANTS)) round[variant.name] = await drive(load, servers.get(variant), requests);
    rounds.add(round, group);
  }
  for (const server of servers.values()) {
    await assertCounted(server, warmUp + requestRounds * requests);
    await server.stop();
  }
}

/** The rows for ids of one kind. */
function rowsOf(rounds, name, isBudgeted) {
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
    const load = await startLoad(mix(ids));
    for (let i = 0; i < settings.generations; i++) await generation(settings, load, rounds[name], i);
    await load.stop();
  }
  const { requests, warmUp, generations } = settings;
  return {
    rows: [...rowsOf(rounds.few, 'known ids', true), ...rowsOf(rounds.many, 'new ids', false)],
    how: `CPU and requests/s: user and system time of the server process, and the client's clock, over ${requests} requests on ${CONNECTIONS} keep-alive connections after ${warmUp} to warm up; ${rounds.few.length} rounds on ${generations} sets of processes; every request found again in the scrape. Three of five requests have an id in their path: one of ${IDS.few}, or one of ${IDS.many} so that caches of paths do not help.`,
  };
}
