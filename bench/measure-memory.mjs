// Memory that a service with 100 series needs in addition, after it was scraped.
import { added, number } from './format.mjs';
import { assertCounted, scrape } from './scrape.mjs';
import { Rounds, shuffled } from './stats.mjs';
import { series } from './targets.mjs';
import { again, bare, ours, promClient, startLoad, startServer, upstream } from './variants.mjs';

const VARIANTS = [bare, ours, upstream, promClient, again];
const SERIES = 100;
const SCRAPES = 5;
const targets = series(SERIES);

export const title = 'memory';

async function measureServer(variant, requests, load) {
  const server = await startServer(variant, { nodeFlags: ['--expose-gc'] });
  await load.ask('load', { port: server.port, requests, connections: 32 });
  if (!variant.routes && server.metricsUrl) await server.ask('record', { targets });
  // Every variant except bare is scraped in production, and scraping loads code and buffers.
  for (let i = 0; server.metricsUrl && i < SCRAPES; i++) await scrape(server.metricsUrl);
  const mb = await server.ask('memory');
  await assertCounted(server, requests + (variant.routes ? 0 : SERIES));
  await server.stop();
  return mb;
}

export async function measure({ memoryStarts, memoryRequests }) {
  const load = await startLoad(targets);
  const rounds = new Rounds();
  for (let i = 0; i < memoryStarts; i++) {
    const round = {};
    for (const variant of shuffled(VARIANTS)) round[variant.name] = await measureServer(variant, memoryRequests, load);
    rounds.add(round);
  }
  await load.stop();
  const cells = { bare: `${number(rounds.of((round) => round.bare).median)} MB in all` };
  for (const { name } of VARIANTS.slice(1))
    cells[name] = added(
      rounds.of((round) => round[name] - round.bare),
      'MB',
    );
  return {
    rows: [
      {
        what: `RSS added at ${SERIES} series`,
        budget: '<= 12 MB',
        cells,
        met: rounds.of((round) => round.ours - round.bare).median <= 12,
      },
    ],
    how: `RSS: of the server after ${memoryRequests} requests over ${SERIES} series, ${SCRAPES} scrapes and forced collections; ${memoryStarts} rounds of fresh processes.`,
  };
}
