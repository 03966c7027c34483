import { setTimeout as pause } from 'node:timers/promises';
import { reportFailure } from '../base/guard.ts';
import type { ProcessMetrics } from '../metrics/process-metrics.ts';
import type { Vitals } from '../metrics/vitals.ts';
import { claimPort, type Listen, type ListeningServer } from './claim-port.ts';
import { Follower, type SentMark } from './follower.ts';
import { PROTOCOL } from './handshake.ts';
import type { IncrementLog } from './increment-log.ts';
import { connectToLeader } from './leader-socket.ts';
import { PortNotice } from './port-notice.ts';
import {
  type AloneRole,
  aloneRole,
  type FollowerRole,
  followerRole,
  type JoinResult,
  leaderRole,
  type Role,
} from './roles.ts';
import { Serving, type ServingOptions } from './serving.ts';
import type { SocketPaths } from './socket-paths.ts';

const CONNECT_INTERVAL_MS = 30;

export interface RoleSearchOptions extends ServingOptions {
  /** Where the processes find each other; undefined keeps this process alone. */
  readonly socketPaths: SocketPaths | undefined;
  /** Of the metrics server; undefined where there is none, because the app's own server answers the scrape. */
  readonly port: number | undefined;
  readonly listen: Listen;
  /** Called once, where no port can be had. */
  readonly onListenError: (error: NodeJS.ErrnoException, port: number) => void;
  readonly local: ProcessMetrics;
  /** For the live page; undefined where there is none. */
  readonly vitals: Vitals | undefined;
}

/** Finds a role for this process: join the leader; else claim the port and lead; else be alone. */
export class RoleSearch {
  /** Whether this process had a role before. */
  hadRole = false;
  /** Ends the search that is running; further ones find nothing. */
  isStopped = false;
  readonly #options: RoleSearchOptions;
  readonly #log: IncrementLog;
  readonly #onWelcome: () => void;
  readonly #sent: SentMark = { leader: undefined, number: 0 };
  readonly #notice = new PortNotice();
  /** The port to claim first: the configured one, or that of the last leader. */
  #port: number | undefined;
  #hasReportedListenError = false;

  /**
   * @param log       increments of this process that no acknowledged scrape contains
   * @param onWelcome called when a leader has accepted this process, before the log is sent to it
   */
  constructor(options: RoleSearchOptions, log: IncrementLog, onWelcome: () => void) {
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
    try {
      return await this.#serve(claimed, isRefused);
    } catch (cause) {
      await claimed.close();
      throw cause;
    }
  }

  /** Becomes a follower, where there is a leader that accepts this process. */
  async #join(): Promise<JoinResult> {
    const { socketPaths, settings, pid, local, vitals } = this.#options;
    if (socketPaths === undefined || this.isStopped) return 'no leader';
    // Without permission for the folder there is no leader to be found.
    const socket = await connectToLeader(socketPaths).catch(() => undefined);
    if (socket === undefined) return 'no leader';
    const connectedAt = performance.now();
    const joined = await Follower.join(socket, {
      hello: { protocol: PROTOCOL, settings, pid },
      local,
      unacknowledged: this.#log,
      sent: this.#sent,
      hadRole: this.hadRole,
      vitals,
      onWelcome: ({ port }) => {
        this.#port = port ?? this.#port;
        this.#onWelcome();
      },
    });
    if (typeof joined === 'object' && !this.isStopped) return followerRole(joined, connectedAt);
    socket.destroy();
    return typeof joined === 'string' ? 'refused' : 'no leader';
  }

  /** Leads; or is alone, where the leader has refused this process. */
  async #serve(server: ListeningServer | undefined, isRefused: boolean): Promise<Role> {
    const { socketPaths } = this.#options;
    if (socketPaths === undefined) return aloneRole(this.#createServing(server));
    // The leader that has the port with which all processes begin is the one to be found.
    const isSenior = server !== undefined && server.port === this.#port;
    const role = isRefused ? this.#alone(server) : await leaderRole(this.#createServing(server), socketPaths, isSenior);
    if (server !== undefined && this.#port !== undefined && !isSenior) {
      const unpublished = role.kind === 'leader' ? role.rendezvous.failure : undefined;
      this.#notice.log({ port: this.#port, address: server.address, isRefused, unpublished });
    }
    return role;
  }

  /** Serves its own metrics, until there is a leader to join or a port to claim. */
  #alone(server: ListeningServer | undefined): AloneRole {
    return aloneRole(this.#createServing(server), () => this.#join());
  }

  #createServing(server: ListeningServer | undefined): Serving {
    return new Serving(this.#options, this.#log, server);
  }
}
