// CPU added per request and requests/s kept: the same servers, the same rounds.
import { added, number, plain } from './format.mjs';
import { assertCounted } from './scrape.mjs';
import { Rounds, shuffled } from './stats.mjs';
import { mix } from './targets.mjs';
import { again, bare, ours, promClient, startLoad, startServer, upstream } from './variants.mjs';

const VARIANTS = [bare, ours, upstream, promClient, again];
const CONNECTIONS = 32;

export const title = 'requests';

/** Servers warmed up and driven in turns; ended, and started anew for the next: a process keeps the luck of its start. */
async function generation({ requestRounds, requests, warmUp }, load, rounds, group) {
  const drive = (server, count) => load.ask('load', { port: server.port, requests: count, connections: CONNECTIONS });
  const servers = new Map();
  for (const variant of shuffled(VARIANTS)) {
    const server = await startServer(variant);
    servers.set(variant, server);
    await drive(server, warmUp);
  }
  for (let i = 0; i < requestRounds; i++) {
    const round = {};
    for (const variant of shuffled(VARIANTS)) {
      const server = servers.get(variant);
      const before = await server.ask('cpu');
      const seconds = await drive(server, requests);
      const cpu = (await server.ask('cpu')) - before;
      round[variant.name] = { us: cpu / requests, rate: requests / seconds };
    }
    rounds.add(round, group);
  }
  for (const server of servers.values()) {
    await assertCounted(server, warmUp + requestRounds * requests);
    await server.stop();
  }
}

export async function measure(settings) {
  const rounds = new Rounds();
  const load = await startLoad(mix());
  for (let i = 0; i < settings.generations; i++) await generation(settings, load, rounds, i);
  await load.stop();

  const us = (name) => rounds.of((round) => round[name].us - round.bare.us);
  const kept = (name) => rounds.of((round) => (100 * round[name].rate) / round.bare.rate);
  const share = rounds.of((round) => (round.ours.us - round.bare.us) / (round.upstream.us - round.bare.us));
  const others = ['ours', 'upstream', 'promClient', 'again'];
  const cells = (text) => Object.fromEntries(others.map((name) => [name, text(name)]));
  const bareUs = rounds.of((round) => round.bare.us);
  const bareRate = rounds.of((round) => round.bare.rate);
  return {
    rows: [
      {
        what: 'CPU added per request',
        budget: '<= 1 us',
        cells: { ...cells((name) => added(us(name), 'us')), bare: `${number(bareUs.median)} us in all` },
        met: us('ours').median <= 1,
      },
      {
        what: 'CPU added, ours / upstream',
        budget: '<= 0.10',
        cells: { ours: plain(share, '') },
        met: share.median <= 0.1,
      },
      {
        what: 'requests/s kept',
        budget: '>= 97 %',
        cells: { ...cells((name) => plain(kept(name), '%')), bare: `${number(bareRate.median)}/s` },
        met: kept('ours').median >= 97,
      },
    ],
    how: `CPU and requests/s: user and system time of the server process, and the client's clock, over ${settings.requests} requests on ${CONNECTIONS} keep-alive connections after ${settings.warmUp} to warm up; ${rounds.length} rounds on ${settings.generations} sets of processes; every request found again in the scrape.`,
  };
}
