import { subscribe } from 'node:diagnostics_channel';

/** The server of a pool of connections. */
interface PoolServer {
  readonly server: string | undefined;
  readonly port: number | undefined;
}

interface Connect extends PoolServer {
  readonly poolId?: number;
}

/** A pool stays known after it was closed. An app that creates pools without end must not fill the memory. */
const MAX_POOLS = 1000;

const pools = new Map<number, PoolServer>();
let isWatching = false;

/**
 * Notes the server of each pool of mssql. A query tells only the number of its pool, and an app connects before it listens,
 * so the preload subscribes long before calls are measured.
 */
export function watchMssqlPools(): void {
  if (isWatching) return;
  isWatching = true;
  subscribe('tracing:mssql:connect:start', (message) => {
    const { poolId, server, port } = message as Connect;
    if (poolId === undefined) return;
    if (pools.size >= MAX_POOLS) pools.clear();
    pools.set(poolId, { server, port });
  });
}

/** undefined where the app connected before anything was watched. */
export const poolServer = (poolId: number | undefined): PoolServer | undefined =>
  poolId === undefined ? undefined : pools.get(poolId);
