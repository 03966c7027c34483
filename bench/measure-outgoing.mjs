// The cost of one outgoing call: in a process that makes nothing else, and in a server that makes one for each request.
import { howMeasured, measureClient } from './client-rounds.mjs';
import { added, number, plain } from './format.mjs';
import { assertCounted } from './scrape.mjs';
import { Rounds, shuffled } from './stats.mjs';
import { again, bare, ours, oursNoOutgoing, startLoad, startServer, upstream } from './variants.mjs';

const CLIENTS = {
  'http.get': { settings: 'httpCalls', maxAddedUs: 1 },
  fetch: { settings: 'fetchCalls', maxAddedUs: 1.5 },
};
const VARIANTS = [bare, ours, oursNoOutgoing, upstream, again];
const CALL_PATHS = { 'http.get': '/call/http', fetch: '/call/fetch' };
const CONNECTIONS = 16;
const MIN_KEPT_PERCENT = 95;
const COLLECTIONS = 6;
const COUNTER = 'http_client_duration';

export const title = 'outgoing';

async function startCalled(run) {
  const called = await startServer(bare);
  const result = await run({ BENCH_TARGET_PORT: String(called.port) });
  await called.stop();
  return result;
}

/** @returns CPU time per request, and requests per second */
async function sendLoad(load, server, requests) {
  const before = await server.ask('cpu');
  const seconds = await load.ask('load', { port: server.port, requests, connections: CONNECTIONS });
  return { us: ((await server.ask('cpu')) - before) / requests, rate: requests / seconds };
}

/** One generation of servers that make one call for each request: starts them, warms them up, and measures them in turns. */
async function measureGeneration({ rounds, requests, warmUp }, load, env, measured, group) {
  const servers = new Map();
  for (const variant of shuffled(VARIANTS)) {
    const server = await startServer(variant, { nodeFlags: ['--expose-gc'], env });
    servers.set(variant, server);
    for (let i = 0; i < COLLECTIONS; i++) {
      await sendLoad(load, server, Math.round(warmUp / COLLECTIONS));
      await server.ask('collect');
    }
  }
  for (let i = 0; i < rounds; i++) {
    const round = {};
    for (const variant of shuffled(VARIANTS))
      round[variant.name] = await sendLoad(load, servers.get(variant), requests);
    measured.add(round, group);
  }
  const sent = COLLECTIONS * Math.round(warmUp / COLLECTIONS) + rounds * requests;
  for (const [variant, server] of servers) {
    await assertCounted(server, sent);
    await assertCounted(server, variant === oursNoOutgoing ? 0 : sent, COUNTER);
    await server.stop();
  }
}

/** The rows of a server that makes one call by this client for each request. */
async function measureServer(client, settings, env) {
  const load = await startLoad([{ method: 'GET', path: CALL_PATHS[client] }]);
  const measured = new Rounds();
  for (let i = 0; i < settings.generations; i++) await measureGeneration(settings, load, env, measured, i);
  await load.stop();

  const us = (name) => measured.of((round) => round[name].us - round.bare.us);
  const kept = (name) => measured.of((round) => (100 * round[name].rate) / round.bare.rate);
  const bareOf = (field) => number(measured.of((round) => round.bare[field]).median);
  const cells = (text) => Object.fromEntries(['ours', 'upstream', 'again'].map((name) => [name, text(name)]));
  return [
    {
      what: `CPU added, a request with one call of ${client}`,
      cells: { ...cells((name) => added(us(name), 'us')), bare: `${bareOf('us')} us in all` },
    },
    { what: 'the same, APM_OUTGOING=false', cells: { ours: added(us('oursNoOutgoing'), 'us') } },
    {
      what: `requests/s kept, a request with one call of ${client}`,
      budget: `>= ${MIN_KEPT_PERCENT} %`,
      cells: { ...cells((name) => plain(kept(name), '%')), bare: `${bareOf('rate')}/s` },
      met: kept('ours').median >= MIN_KEPT_PERCENT,
    },
  ];
}

export async function measure(settings) {
  const rows = await startCalled(async (env) => {
    const rows = [];
    for (const [client, { settings: name, maxAddedUs }] of Object.entries(CLIENTS)) {
      rows.push(await measureClient({ ...settings[name], client, env, maxAddedUs }));
      rows.push(...(await measureServer(client, settings.callingRequests, env)));
    }
    return rows;
  });
  const { rounds, requests, generations } = settings.callingRequests;
  return {
    rows,
    how: `Outgoing: a call is the ${howMeasured(settings.httpCalls)} (of fetch ${settings.fetchCalls.calls} calls). A request with a call is the CPU time of a server, and the client's clock, over ${requests} requests that each make one call to another server on this machine, ${CONNECTIONS} connections, after ${COLLECTIONS} forced collections; ${rounds} rounds on each of ${generations} sets of processes. Every call is found again in ${COUNTER}, and none with APM_OUTGOING=false.`,
  };
}
