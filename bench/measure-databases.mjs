// The cost of one call of a database, through drivers that publish their calls and drivers that are patched.
import { startDatabase } from '../test/databases/support/database-server.ts';
import { DATABASE_PROGRAMS } from '../test/databases/support/programs.ts';
import { installPackages } from '../test/packages/install.ts';
import { DATABASE_DRIVERS } from '../test/packages/tools.ts';
import { Child, file } from './children.mjs';
import { added, number } from './format.mjs';
import { assertCounted } from './scrape.mjs';
import { Rounds, shuffled } from './stats.mjs';
import { again, bare, nodeFlagsOf, ours, oursNoDatabases } from './variants.mjs';

const VARIANTS = [bare, ours, oursNoDatabases, again];
/** The server that each driver of app/database-drivers.js calls. */
const SERVERS = { ioredis: 'redis', 'node-redis': 'redis', 'mysql2 query': 'mariadb', 'mysql2 execute': 'mariadb' };
const MAX_ADDED_US = 1;
const WARM_UP_COLLECTIONS = 6;

export const title = 'databases';

async function startClient(variant, env) {
  const args = ['--expose-gc', ...nodeFlagsOf(variant), file('app/database-client.js')];
  const client = new Child(args, { ...variant.env, ...env });
  await client.until(() => client.port);
  if (variant.preload !== bare.preload) {
    client.metricsUrl = await client.until(() => /metrics at (\S+)/.exec(client.stderr)?.[1]);
  }
  return client;
}

/** One generation of clients of a driver: starts them, warms them up, and measures them in turns. */
async function measureGeneration({ databaseRounds, databaseCalls, databaseWarmUp }, env, rounds, group) {
  const clients = new Map();
  for (const variant of shuffled(VARIANTS)) {
    const client = await startClient(variant, env);
    clients.set(variant, client);
    await client.ask('warmUp', { times: databaseWarmUp, collections: WARM_UP_COLLECTIONS });
  }
  for (let i = 0; i < databaseRounds; i++) {
    const round = {};
    for (const variant of shuffled(VARIANTS)) {
      round[variant.name] = await clients.get(variant).ask('calls', { times: databaseCalls });
    }
    rounds.add(round, group);
  }
  for (const [variant, client] of clients) {
    const counted = variant === oursNoDatabases ? 0 : databaseWarmUp + databaseRounds * databaseCalls;
    await assertCounted(client, counted, 'db_client_duration');
    await client.stop();
  }
}

export async function measure(settings) {
  const packages = await installPackages(DATABASE_DRIVERS);
  const servers = {};
  for (const name of new Set(Object.values(SERVERS))) servers[name] = await startDatabase(DATABASE_PROGRAMS[name]);
  const rows = [];
  for (const [driver, server] of Object.entries(SERVERS)) {
    const rounds = new Rounds();
    const env = { BENCH_DRIVER: driver, BENCH_PACKAGES: packages, BENCH_DATABASE_PORT: String(servers[server].port) };
    for (let i = 0; i < settings.databaseGenerations; i++) await measureGeneration(settings, env, rounds, i);
    const difference = (name) => rounds.of((round) => round[name] - round.bare);
    rows.push({
      what: `CPU added, a call of ${driver}`,
      budget: `<= ${MAX_ADDED_US} us`,
      cells: {
        ours: added(difference('ours'), 'us'),
        again: added(difference('again'), 'us'),
        bare: `${number(rounds.of((round) => round.bare).median)} us in all`,
      },
      met: difference('ours').median <= MAX_ADDED_US,
    });
    rows.push({ what: 'the same, APM_DATABASES=false', cells: { ours: added(difference('oursNoDatabases'), 'us') } });
  }
  for (const server of Object.values(servers)) await server.close();
  const { databaseCalls, databaseRounds, databaseGenerations, databaseWarmUp } = settings;
  return {
    rows,
    how: `Databases: CPU time of a process over ${databaseCalls} calls of a server on this machine, 16 at a time, after ${databaseWarmUp} calls and ${WARM_UP_COLLECTIONS} forced collections to warm up; ${databaseRounds} rounds on each of ${databaseGenerations} sets of processes; every call found again in db_client_duration, and none with APM_DATABASES=false. It includes what the driver itself does to publish a call.`,
  };
}
