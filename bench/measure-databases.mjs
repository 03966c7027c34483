// The cost of one call of a database, through drivers that publish their calls and drivers that are patched.
import { startDatabase } from '../test/databases/support/database-server.ts';
import { DATABASE_PROGRAMS } from '../test/databases/support/programs.ts';
import { installPackages } from '../test/packages/install.ts';
import { DATABASE_DRIVERS } from '../test/packages/tools.ts';
import { howMeasured, measureClient } from './client-rounds.mjs';

/** The server that each driver of app/database-drivers.js calls. */
const SERVERS = {
  ioredis: 'redis',
  'node-redis': 'redis',
  'mysql2 query': 'mariadb',
  'mysql2 execute': 'mariadb',
  mongodb: 'ferretdb',
  pg: 'postgres',
  'pool of pg': 'postgres',
  postgres: 'postgres',
};
const MAX_ADDED_US = 1;

export const title = 'databases';

export async function measure({ databases }) {
  const packages = await installPackages(DATABASE_DRIVERS);
  const servers = {};
  for (const name of new Set(Object.values(SERVERS))) servers[name] = await startDatabase(DATABASE_PROGRAMS[name]);
  const rows = [];
  for (const [driver, server] of Object.entries(SERVERS)) {
    const env = { BENCH_PACKAGES: packages, BENCH_DATABASE_PORT: String(servers[server].port) };
    rows.push(await measureClient({ ...databases, client: driver, env, maxAddedUs: MAX_ADDED_US }));
  }
  for (const server of Object.values(servers)) await server.close();
  return {
    rows,
    how: `Databases: ${howMeasured(databases)}. It includes what the driver itself does to publish a call.`,
  };
}
