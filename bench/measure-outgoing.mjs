// The cost of one outgoing call: for each request the server calls another server, with http.get or with fetch.
import { added, number } from './format.mjs';
import { assertCounted } from './scrape.mjs';
import { Rounds, shuffled } from './stats.mjs';
import { again, bare, ours, oursNoOutgoing, startLoad, startServer, upstream } from './variants.mjs';

const VARIANTS = [bare, ours, oursNoOutgoing, upstream, again];
const CALL_PATHS = { http: '/call/http', fetch: '/call/fetch' };
const CONNECTIONS = 8;

export const title = 'outgoing';

async function measureGeneration({ callRounds, calls, callWarmUp }, load, rounds, group) {
  const called = await startServer(bare);
  const env = { BENCH_TARGET_PORT: String(called.port) };
  const sendCalls = async (server, path, requests) => {
    await load.ask('setTargets', { targets: [{ method: 'GET', path }] });
    return load.ask('load', { port: server.port, requests, connections: CONNECTIONS });
  };

  const servers = new Map();
  for (const variant of shuffled(VARIANTS)) {
    const server = await startServer(variant, { env });
    servers.set(variant, server);
    for (const path of Object.values(CALL_PATHS)) await sendCalls(server, path, callWarmUp);
  }
  for (let i = 0; i < callRounds; i++) {
    for (const [client, path] of Object.entries(CALL_PATHS)) {
      const round = {};
      for (const variant of shuffled(VARIANTS)) {
        const server = servers.get(variant);
        const before = await server.ask('cpu');
        await sendCalls(server, path, calls);
        round[variant.name] = ((await server.ask('cpu')) - before) / calls;
      }
      rounds[client].add(round, group);
    }
  }
  const sent = 2 * (callWarmUp + callRounds * calls);
  for (const [variant, server] of servers) {
    await assertCounted(server, sent);
    await assertCounted(server, variant === oursNoOutgoing ? 0 : sent, 'http_client_duration');
    await server.stop();
  }
  await called.stop();
}

export async function measure(settings) {
  const load = await startLoad([]);
  const rounds = { http: new Rounds(), fetch: new Rounds() };
  for (let i = 0; i < settings.callGenerations; i++) await measureGeneration(settings, load, rounds, i);
  await load.stop();

  const rows = [];
  for (const [client, ofClient] of Object.entries(rounds)) {
    const cell = (name) =>
      added(
        ofClient.of((round) => round[name] - round.bare),
        'us',
      );
    const cells = {
      upstream: cell('upstream'),
      again: cell('again'),
      bare: `${number(ofClient.of((r) => r.bare).median)} us in all`,
    };
    rows.push({ what: `CPU added, a request with one ${client} call`, cells: { ...cells, ours: cell('ours') } });
    rows.push({ what: `the same, APM_OUTGOING=false`, cells: { ours: cell('oursNoOutgoing') } });
  }
  return {
    rows,
    how: `Outgoing: CPU time of the server over ${settings.calls} requests that each make one call to another local server, ${CONNECTIONS} connections, ${rounds.http.length} rounds on ${settings.callGenerations} sets of processes; every call found again in http_client_duration, and none with APM_OUTGOING=false.`,
  };
}
