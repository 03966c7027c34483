import type { Socket } from 'node:net';
import { reportFailure } from '../base/guard.ts';
import { pause } from '../base/timers.ts';
import { Follower, type Introduction } from './follower.ts';
import type { GroupOptions } from './group-options.ts';
import { PROTOCOL, type Refusal, STARTED, type Welcome } from './handshake.ts';
import type { IncrementLog } from './increment-log.ts';
import type { SentMark } from './increment-sender.ts';
import { connectToLeader } from './leader-socket.ts';
import { createFollowerRole, type JoinResult } from './roles.ts';
import type { SocketPaths } from './socket-paths.ts';

/** A leader that is busy answers sooner. One that hangs must not hide the metrics of each process that starts later. */
const ANSWER_TIMEOUT_MS = 5_000;
const NO_ANSWER: Refusal = { refused: 'it does not answer', difference: 'silence' };

export interface LeaderSearchOptions {
  readonly group: GroupOptions;
  /** Increments of this process that no acknowledged scrape contains. */
  readonly log: IncrementLog;
  /** Called when a leader has accepted this process, before the log is sent to it. */
  readonly onWelcome: (welcome: Welcome) => void;
}

/**
 * Looks for a leader that accepts this process. Each group of processes has one of the service's slots: the leader of
 * another program or release refuses this process, and the one of its own is in a later slot.
 */
export class LeaderSearch {
  /** Whether this process had a role before. */
  hadRole = false;
  isStopped = false;
  /** By the leader in the first slot, which has the wanted port; undefined where there is none, or it has accepted this process. */
  refusal: Refusal | undefined;
  /** The first slot without a leader, as of the last look at all; undefined where every slot has one. */
  vacant: SocketPaths | undefined;
  readonly #options: LeaderSearchOptions;
  readonly #sent: SentMark = { leader: undefined, number: 0 };
  /** To the last leader that was found. */
  #introduction: Introduction | undefined;

  constructor(options: LeaderSearchOptions) {
    this.#options = options;
  }

  /** Looks in all slots: another group may have left its slot. */
  async join(): Promise<JoinResult> {
    const { slots } = this.#options.group;
    let result: JoinResult = 'no leader';
    let vacant: SocketPaths | undefined;
    for (const [i, slot] of slots.entries()) {
      const found = i === 0 ? await this.joinFirst() : await this.#joinAt(slot);
      if (typeof found === 'object' || found === 'failed') return found;
      if (found === 'no leader') vacant ??= slot;
      else result = found;
    }
    this.vacant = vacant;
    return result;
  }

  /** Looks in the slot of the group that has the wanted port. */
  async joinFirst(): Promise<JoinResult> {
    const [first] = this.#options.group.slots;
    this.refusal = undefined;
    return first === undefined ? 'no leader' : this.#joinAt(first, (refusal) => (this.refusal = refusal));
  }

  /** Synchronous, for a process that is about to exit: sends what it counted to a leader that has not accepted it yet. */
  flush(): void {
    this.#introduction?.flush();
  }

  async #joinAt(slot: SocketPaths, onRefusal: (refusal: Refusal) => void = () => {}): Promise<JoinResult> {
    if (this.isStopped) return 'no leader';
    // Without permission for the folder there is no leader to be found.
    const socket = await connectToLeader(slot).catch(() => undefined);
    if (socket === undefined) return 'no leader';
    const connectedAt = performance.now();
    const introduced = this.#introduce(socket).catch((cause) => {
      // This process stays alone and tries again.
      reportFailure('join the process that serves the metrics', cause);
      return 'failed' as const;
    });
    const answer = await Promise.race([introduced, pause(ANSWER_TIMEOUT_MS, NO_ANSWER, { ref: false })]);
    if (answer instanceof Follower && !this.isStopped) return createFollowerRole(answer, connectedAt);
    socket.destroy();
    if (answer === 'failed') return 'failed';
    if (answer === undefined || answer instanceof Follower) return 'no leader';
    onRefusal(answer);
    return 'refused';
  }

  /** Asynchronous, so that it also rejects where joining throws. */
  async #introduce(socket: Socket): Promise<Follower | Refusal | undefined> {
    const { group, log, onWelcome } = this.#options;
    const { settings, program, pid, local, vitals, kinds } = group;
    this.#introduction = Follower.join(socket, {
      hello: { protocol: PROTOCOL, settings, pid, program, started: STARTED },
      local,
      unacknowledged: log,
      sent: this.#sent,
      hadRole: this.hadRole,
      vitals,
      kinds,
      onWelcome,
    });
    return this.#introduction.answer;
  }
}
