// The cost of a start: for a process that serves nothing, and for a server until its first answer.
import { spawnSync } from 'node:child_process';
import { get } from 'node:http';
import { Child, cleanEnvironment, file } from './children.mjs';
import { added, number } from './format.mjs';
import { assertCounted } from './scrape.mjs';
import { Rounds, shuffled } from './stats.mjs';
import { again, bare, nodeFlagsOf, ours, promClient, upstream } from './variants.mjs';

const VARIANTS = [bare, ours, upstream, promClient, again];

export const title = 'start';

function startIdle(variant) {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, [...nodeFlagsOf(variant), file('app/empty.js')], {
    env: cleanEnvironment(variant.env),
    stdio: 'ignore',
  });
  if (status !== 0) throw new Error(`an empty app with the variant ${variant.name} exited with ${status}`);
  return performance.now() - start;
}

const getAnswer = (port) =>
  new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/', agent: false }, (response) => {
      response.resume().on('end', resolve);
    }).on('error', reject);
  });

async function startServing(variant) {
  const start = performance.now();
  const server = new Child([...nodeFlagsOf(variant), file('app/server.js')], variant.env);
  // The app sends its port as soon as it listens. Polling would take CPU time from the start.
  await server.until(() => server.port);
  await getAnswer(server.port);
  const ms = performance.now() - start;
  if (variant.preload !== bare.preload) {
    server.metricsUrl = await server.until(() => /metrics at (\S+)/.exec(server.stderr)?.[1]);
  }
  await assertCounted(server, 1);
  await server.stop();
  return ms;
}

async function row(what, budget, limit, count, start) {
  const rounds = new Rounds();
  for (let i = -1; i < count; i++) {
    const round = {};
    for (const variant of shuffled(VARIANTS)) round[variant.name] = await start(variant);
    // The first round only fills the file cache.
    if (i >= 0) rounds.add(round);
  }
  const cells = { bare: `${number(rounds.of((round) => round.bare).median)} ms in all` };
  for (const { name } of VARIANTS.slice(1))
    cells[name] = added(
      rounds.of((round) => round[name] - round.bare),
      'ms',
    );
  return { what, budget, cells, met: rounds.of((round) => round.ours - round.bare).median <= limit };
}

export async function measure({ idleStarts, serverStarts }) {
  return {
    rows: [
      await row('start-up, serves nothing', '<= 5 ms', 5, idleStarts, startIdle),
      await row('start-up, first answer', '<= +60 ms', 60, serverStarts, startServing),
    ],
    how: `Start-up: wall time of a process with an empty main file (${idleStarts} rounds), and from the spawn of a server until its first answer was read (${serverStarts} rounds).`,
  };
}
