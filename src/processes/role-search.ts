import type { Socket } from 'node:net';
import { reportFailure } from '../base/guard.ts';
import { pause } from '../base/timers.ts';
import { claimPort, type ListeningServer } from './claim-port.ts';
import { Follower, type Introduction } from './follower.ts';
import type { GroupOptions } from './group-options.ts';
import { PROTOCOL } from './handshake.ts';
import type { IncrementLog } from './increment-log.ts';
import type { SentMark } from './increment-sender.ts';
import { connectToLeader } from './leader-socket.ts';
import { PortNotice } from './port-notice.ts';
import {
  createAloneRole,
  createFollowerRole,
  createLeaderRole,
  type FollowerRole,
  type JoinResult,
  type Role,
} from './roles.ts';
import { Serving } from './serving.ts';
import type { SocketPaths } from './socket-paths.ts';

const CONNECT_INTERVAL_MS = 30;

/** Finds a role for this process: join the leader; else claim the port and lead; else be alone. */
export class RoleSearch {
  /** Whether this process had a role before. */
  hadRole = false;
  /** Ends the search that is running; further ones find nothing. */
  isStopped = false;
  readonly #options: GroupOptions;
  readonly #log: IncrementLog;
  readonly #onWelcome: () => void;
  readonly #sent: SentMark = { leader: undefined, number: 0 };
  readonly #notice = new PortNotice();
  /** The port to claim first: the configured one, or that of the last leader. */
  #port: number | undefined;
  #hasReportedListenError = false;
  /** To the last leader that was found. */
  #introduction: Introduction | undefined;

  /**
   * @param log       increments of this process that no acknowledged scrape contains
   * @param onWelcome called when a leader has accepted this process, before the log is sent to it
   */
  constructor(options: GroupOptions, log: IncrementLog, onWelcome: () => void) {
    this.#options = options;
    this.#log = log;
    this.#onWelcome = onWelcome;
    this.#port = options.port;
  }

  /** Does not reject. @returns undefined where the search was stopped */
  async find(): Promise<Role | undefined> {
    if (this.isStopped) return undefined;
    try {
      return await this.#joinOrServe();
    } catch (cause) {
      reportFailure('find the role of this process among those of its service', cause);
      return this.#alone(undefined);
    }
  }

  /** Synchronous, for a process that is about to exit: sends what it counted to a leader that has not accepted it yet. */
  flush(): void {
    this.#introduction?.flush();
  }

  async #joinOrServe(): Promise<Role | undefined> {
    const first = await this.#join();
    if (typeof first === 'object') return first;
    if (this.isStopped) return undefined;
    if (this.#port === undefined) return this.#serve(undefined, false);

    let isRefused = first === 'refused';
    const joinWithin = async (timeoutMs: number): Promise<FollowerRole | 'stopped' | undefined> => {
      const end = performance.now() + timeoutMs;
      while (!isRefused && !this.isStopped && performance.now() < end) {
        if (this.#options.socketPaths === undefined) break;
        await pause(CONNECT_INTERVAL_MS, undefined, { ref: false });
        const joined = await this.#join();
        if (typeof joined === 'object') return joined;
        isRefused = joined === 'refused';
      }
      return this.isStopped ? 'stopped' : undefined;
    };
    const claimed = await claimPort(this.#port, this.#options.listen, joinWithin);
    if (claimed === 'stopped') return undefined;
    if (claimed instanceof Error) {
      if (!this.#hasReportedListenError) this.#options.onListenError(claimed, this.#port);
      this.#hasReportedListenError = true;
      return this.#alone(undefined);
    }
    if ('kind' in claimed) return claimed;
    return this.#serve(claimed, isRefused);
  }

  /** Becomes a follower, where there is a leader that accepts this process. */
  async #join(): Promise<JoinResult> {
    const { socketPaths } = this.#options;
    if (socketPaths === undefined || this.isStopped) return 'no leader';
    // Without permission for the folder there is no leader to be found.
    const socket = await connectToLeader(socketPaths).catch(() => undefined);
    if (socket === undefined) return 'no leader';
    const connectedAt = performance.now();
    const joined = await this.#introduce(socket).catch((cause) => {
      // As if refused: this process stays alone and tries again.
      reportFailure('join the process that serves the metrics', cause);
      return 'internal error';
    });
    if (typeof joined === 'object' && !this.isStopped) return createFollowerRole(joined, connectedAt);
    socket.destroy();
    return typeof joined === 'string' ? 'refused' : 'no leader';
  }

  /** Asynchronous, so that it also rejects where joining throws. */
  async #introduce(socket: Socket): Promise<Follower | string | undefined> {
    const { settings, pid, local, vitals, kinds } = this.#options;
    this.#introduction = Follower.join(socket, {
      hello: { protocol: PROTOCOL, settings, pid },
      local,
      unacknowledged: this.#log,
      sent: this.#sent,
      hadRole: this.hadRole,
      vitals,
      kinds,
      onWelcome: ({ port }) => {
        this.#port = port ?? this.#port;
        this.#onWelcome();
      },
    });
    return this.#introduction.answer;
  }

  /** Leads; or is alone, where a leader has refused this process. */
  async #serve(server: ListeningServer | undefined, isRefused: boolean): Promise<Role | undefined> {
    if (this.isStopped) {
      await server?.close();
      return undefined;
    }
    const { socketPaths } = this.#options;
    if (socketPaths === undefined) return createAloneRole(new Serving(this.#options, this.#log, server));
    // All processes begin with the same port: the leader that has it is the one that they must find.
    const isSenior = server !== undefined && server.port === this.#port;
    const role = isRefused ? this.#alone(server) : await this.#lead(server, socketPaths, isSenior);
    if (server !== undefined && this.#port !== undefined && !isSenior) {
      const unpublished = role.kind === 'leader' ? role.rendezvous.failure : undefined;
      this.#notice.log({ port: this.#port, address: server.address, isRefused, unpublished });
    }
    return role;
  }

  async #lead(server: ListeningServer | undefined, socketPaths: SocketPaths, isSenior: boolean): Promise<Role> {
    const serving = new Serving(this.#options, this.#log, server);
    try {
      return await createLeaderRole(serving, socketPaths, isSenior);
    } catch (cause) {
      reportFailure('let other processes find this one', cause);
      return createAloneRole(serving);
    }
  }

  /** Serves its own metrics, until there is a leader to join or a port to claim. */
  #alone(server: ListeningServer | undefined): Role {
    return createAloneRole(new Serving(this.#options, this.#log, server), () => this.#join());
  }
}
