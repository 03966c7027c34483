import { pause } from '../base/timers.ts';
import type { Follower } from './follower.ts';
import { Rendezvous } from './rendezvous.ts';
import type { Serving } from './serving.ts';
import type { SocketPaths } from './socket-paths.ts';

/** A process that is alone, or waits for the wanted port, looks for the leader that has it this often. */
const REJOIN_INTERVAL_MS = 2_000;

/**
 * What this process is among those of its service.
 * - `follower`: another process serves its metrics.
 * - `leader`: it serves the metrics of all.
 * - `alone`: it serves its own metrics, or none where no port can be had; no process can join it.
 *
 * `ended` resolves once the role has ended by itself; with the next role, where that is known already.
 */
export type Role = FollowerRole | LeaderRole | AloneRole;

interface BaseRole {
  readonly ended: Promise<FollowerRole | undefined>;
  /** @param handOver whether what was counted is kept for the next role */
  release(handOver: boolean): Promise<void>;
}

export interface FollowerRole extends BaseRole {
  readonly kind: 'follower';
  readonly follower: Follower;
  /** When the connection was made, by the monotonic clock. */
  readonly connectedAt: number;
}

export interface LeaderRole extends BaseRole {
  readonly kind: 'leader';
  readonly serving: Serving;
  readonly rendezvous: Rendezvous;
}

export interface AloneRole extends BaseRole {
  readonly kind: 'alone';
  readonly serving: Serving;
}

export function createFollowerRole(follower: Follower, connectedAt: number): FollowerRole {
  return {
    kind: 'follower',
    follower,
    connectedAt,
    ended: follower.ended.then(() => undefined),
    // What was counted and not acknowledged is in the log, for the next leader.
    release: async () => follower.close(),
  };
}

/**
 * @param isSenior see Rendezvous
 * @param rejoin   tries to join the leader that has the wanted port; undefined where this leader does not wait for that port
 */
export async function createLeaderRole(
  serving: Serving,
  socketPaths: SocketPaths,
  isSenior: boolean,
  rejoin?: () => Promise<JoinResult>,
): Promise<LeaderRole> {
  const rendezvous = new Rendezvous({ socketPaths, isSenior, accept: (socket) => serving.leader.accept(socket) });
  await rendezvous.open();
  let isReleased = false;
  const replaced = rendezvous.replaced.then(() => undefined);
  const ended = rejoin === undefined ? replaced : Promise.race([replaced, rejoined(serving, rejoin, () => isReleased)]);
  return {
    kind: 'leader',
    serving,
    rendezvous,
    ended,
    async release(handOver) {
      isReleased = true;
      rendezvous.close();
      await serving.close(handOver);
    },
  };
}

/** `failed`: an internal error, which was reported. */
export type JoinResult = FollowerRole | 'refused' | 'no leader' | 'failed';

/** @param rejoin tries to join a leader; undefined where this process is alone for good */
export function createAloneRole(serving: Serving, rejoin?: () => Promise<JoinResult>): AloneRole {
  return {
    kind: 'alone',
    serving,
    ended: rejoin === undefined ? new Promise(() => {}) : rejoined(serving, rejoin),
    release: (handOver) => serving.close(handOver),
  };
}

/**
 * Resolves once the role must end: a leader was joined, or there is none any more and the port may be free.
 * @param isReleased whether the role has ended in another way
 */
async function rejoined(
  serving: Serving,
  rejoin: () => Promise<JoinResult>,
  isReleased: () => boolean = () => false,
): Promise<FollowerRole | undefined> {
  for (;;) {
    await pause(REJOIN_INTERVAL_MS, undefined, { ref: false });
    // Without a metrics server nothing is served meanwhile: the whole search begins again.
    if (serving.server === undefined || isReleased()) return undefined;
    const result = await rejoin();
    if (result === 'no leader') return undefined;
    if (typeof result === 'object') return result;
  }
}
