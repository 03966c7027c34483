import { reportFailure } from '../base/guard.ts';
import { pause } from '../base/timers.ts';
import { claimPort, type ListeningServer } from './claim-port.ts';
import type { GroupOptions } from './group-options.ts';
import type { IncrementLog } from './increment-log.ts';
import { LeaderSearch } from './leader-search.ts';
import { PortNotice } from './port-notice.ts';
import { createAloneRole, createLeaderRole, type FollowerRole, type JoinResult, type Role } from './roles.ts';
import { Serving } from './serving.ts';
import type { SocketPaths } from './socket-paths.ts';

const CONNECT_INTERVAL_MS = 30;

/** Finds a role for this process: join the leader; else claim the port and lead; else be alone. */
export class RoleSearch {
  readonly #options: GroupOptions;
  readonly #log: IncrementLog;
  readonly #leaders: LeaderSearch;
  readonly #notice = new PortNotice();
  /** The port to claim first: the configured one, or that of the last leader. */
  #port: number | undefined;
  #hasReportedListenError = false;

  /**
   * @param log       increments of this process that no acknowledged scrape contains
   * @param onWelcome called when a leader has accepted this process, before the log is sent to it
   */
  constructor(options: GroupOptions, log: IncrementLog, onWelcome: () => void) {
    this.#options = options;
    this.#log = log;
    this.#port = options.port;
    this.#leaders = new LeaderSearch({
      group: options,
      log,
      onWelcome: ({ port }) => {
        this.#port = port ?? options.port;
        onWelcome();
      },
    });
  }

  get isStopped(): boolean {
    return this.#leaders.isStopped;
  }

  /** Ends the search that is running; further ones find nothing. */
  stop(): void {
    this.#leaders.isStopped = true;
  }

  /** To be called when this process has its first role. */
  setHadRole(): void {
    this.#leaders.hadRole = true;
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
    this.#leaders.flush();
  }

  async #joinOrServe(): Promise<Role | undefined> {
    let last = await this.#leaders.join();
    if (typeof last === 'object') return last;
    if (this.isStopped) return undefined;
    if (this.#port === undefined) return this.#serve(undefined, last);

    const joinWithin = async (timeoutMs: number, port: number): Promise<FollowerRole | 'stopped' | undefined> => {
      const end = performance.now() + timeoutMs;
      const isHolderKnown = () =>
        last === 'failed' || (port === this.#options.port && this.#leaders.refusal !== undefined);
      while (this.#options.slots.length > 0 && !isHolderKnown() && !this.isStopped && performance.now() < end) {
        await pause(CONNECT_INTERVAL_MS, undefined, { ref: false });
        last = await this.#leaders.join();
        if (typeof last === 'object') return last;
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
    return this.#serve(claimed, last);
  }

  /** Leads; or is alone, where no other process can join. */
  async #serve(server: ListeningServer | undefined, joining: JoinResult): Promise<Role | undefined> {
    if (this.isStopped) {
      await server?.close();
      return undefined;
    }
    const { slots, port } = this.#options;
    if (slots.length === 0) return createAloneRole(new Serving(this.#options, this.#log, server));
    // All processes begin with the same port: the leader that has it is the one that they must find.
    const isSenior = server !== undefined && server.port === port;
    const slot = isSenior ? slots[0] : this.#leaders.vacant;
    const { refusal } = this.#leaders;
    const role =
      slot === undefined || joining === 'failed' ? this.#alone(server) : await this.#lead(server, slot, isSenior);
    if (server !== undefined && port !== undefined && !isSenior) {
      const { service, program, ask } = this.#options;
      const unpublished = role.kind === 'leader' ? role.rendezvous.failure : undefined;
      const holder = refusal === undefined ? await ask(port) : undefined;
      const { address } = server;
      this.#notice.log({ port, address, service, version: program.version, refusal, holder, unpublished });
    }
    return role;
  }

  async #lead(server: ListeningServer | undefined, slot: SocketPaths, isSenior: boolean): Promise<Role> {
    // Another program stays where it is. Another release, or one with other settings, replaces the one that has the port.
    const { refusal } = this.#leaders;
    const isReplacement = refusal !== undefined && refusal.difference !== 'script';
    const isWaiting = server !== undefined && !isSenior && isReplacement;
    const serving = new Serving(this.#options, this.#log, server, !isWaiting);
    try {
      return await createLeaderRole(serving, slot, isSenior, isWaiting ? () => this.#leaders.joinFirst() : undefined);
    } catch (cause) {
      reportFailure('let other processes find this one', cause);
      return createAloneRole(serving);
    }
  }

  /** Serves its own metrics, until there is a leader to join or a port to claim. */
  #alone(server: ListeningServer | undefined): Role {
    return createAloneRole(new Serving(this.#options, this.#log, server), () => this.#leaders.join());
  }
}
