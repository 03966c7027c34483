import { isoTime } from '../base/iso-time.ts';
import type { Aggregate } from '../metrics/aggregate.ts';
import type { CountingPeriod } from '../snapshot.ts';
import type { ListeningServer } from './claim-port.ts';
import type { GroupOptions } from './group-options.ts';
import { PROTOCOL, STARTED } from './handshake.ts';
import type { IncrementLog } from './increment-log.ts';
import { Leader } from './leader.ts';

/** A process that serves metrics: those of all, or only its own. */
export class Serving {
  readonly leader: Leader;
  readonly aggregate: Aggregate;
  /** undefined where the app's own server answers the scrape, or no port can be had. */
  readonly server: ListeningServer | undefined;
  /** In milliseconds since 1970. */
  readonly #createdAt = Date.now();
  readonly #log: IncrementLog;
  #isMoved = false;

  /**
   * @param log       what no acknowledged scrape contains: the aggregate begins with it
   * @param keepsPort whether the next leader of the group claims the port of this one, and not the configured one
   */
  constructor(options: GroupOptions, log: IncrementLog, server: ListeningServer | undefined, keepsPort = true) {
    const { settings, program, pid, createAggregate, scrape, observer, kinds } = options;
    this.server = server;
    this.#log = log;
    this.aggregate = createAggregate(() => this.leader.isShared);
    const welcome = { pid, address: server?.address, port: keepsPort ? server?.port : undefined };
    const hello = { protocol: PROTOCOL, settings, pid, program, started: STARTED };
    this.leader = new Leader({ aggregate: this.aggregate, hello, welcome, scrape, observer, kinds });
    this.addLog();
  }

  /** Which counts these are. */
  get counted(): CountingPeriod {
    const { leader, aggregate } = this;
    return { id: leader.id, since: aggregate.hasEarlier ? null : isoTime(this.#createdAt) };
  }

  /** Adds what the log contains. A collection for an earlier role may put its counts there after that role has ended. */
  addLog(): void {
    const backlog = this.#log.take();
    this.aggregate.add(backlog, true);
    this.leader.backlog.add(backlog);
  }

  /** Moves everything that was counted here back to the log, for the next role. Further calls do nothing. */
  moveToLog(): void {
    if (!this.#isMoved) this.#log.add(this.aggregate.readIncrements());
    this.#isMoved = true;
  }

  /** @param handOver whether the next role begins with what was counted here */
  async close(handOver: boolean): Promise<void> {
    this.leader.close(handOver);
    if (handOver) this.moveToLog();
    await this.server?.close();
  }
}
