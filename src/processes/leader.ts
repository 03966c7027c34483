import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { log } from '../base/log.ts';
import type { Aggregate } from '../metrics/aggregate.ts';
import type { Source } from '../metrics/otel/gauge-merge.ts';
import type { GroupObserver } from './group-observer.ts';
import { IncrementLog } from './increment-log.ts';
import { JsonLines } from './json-lines.ts';
import { type Hello, PROTOCOL, type ToFollower, type ToLeader, type Welcome } from './messages.ts';
import { encodeScopes, WireReader } from './wire-format.ts';

/** Milliseconds a scrape waits for the other processes. */
const PATIENCE = 900;

/** Milliseconds in which who connects has to say who it is. */
const INTRODUCTION = 10_000;

/** Another process, at this end of its connection. */
interface Peer extends Source {
  readonly lines: JsonLines;
  /** What it was asked last and has not answered. */
  asked: number | undefined;
  /** Whether it has answered once, and is in the sum with all it had to say. */
  merged: boolean;
  /** Number of what it told last, and of what it was told that it is scraped. */
  told: number;
  scraped: number;
  /** What it told and no scrape has shown: its own to tell the next owner, while it is there. */
  readonly unscraped: IncrementLog;
  /** The answer to be waited for. */
  whenAnswered: () => void;
}

export interface LeaderOptions {
  readonly merged: Aggregate;
  readonly settings: string;
  readonly welcome: Omit<Welcome, 'owner'>;
  /** The scrape, for members that are asked for it. */
  readonly scrape: () => Promise<readonly Buffer[]>;
  readonly listener: GroupObserver | undefined;
}

/** The process that is scraped: it knows the others, and adds up what they say. */
export class Leader {
  readonly id = randomUUID();
  /** Whether there ever was another process. */
  shared = false;
  /** How often a process had not answered when a scrape was made. */
  late = 0;
  /** How many were turned away. */
  refused = 0;
  /** What no scrape has shown and nobody else could tell the next owner. */
  readonly unscraped = new IncrementLog();
  readonly #guests = new Set<Peer>();
  readonly #options: LeaderOptions;
  #question = 0;

  constructor(options: LeaderOptions) {
    this.#options = options;
  }

  get members(): { pid: string; late: boolean }[] {
    return Array.from(this.#guests, ({ pid, asked }) => ({ pid, late: asked !== undefined }));
  }

  /** How many others are in the sum. */
  get merged(): number {
    return Array.from(this.#guests).filter(({ merged }) => merged).length;
  }

  accept(socket: Socket): void {
    let guest: Peer | undefined;
    const reader = new WireReader();
    const additions: ScopeMetrics[] = [];
    const states: ScopeMetrics[] = [];
    const { merged, listener } = this.#options;
    socket.setTimeout(INTRODUCTION, () => socket.destroy());
    const lines = new JsonLines(
      socket,
      (message) => {
        const said = message as ToLeader;
        if (guest === undefined) {
          guest = this.#greet(lines, said.hello);
          socket.setTimeout(0);
        } else if (said.add !== undefined) additions.push(reader.read(said.add));
        else if (said.told !== undefined) {
          // All of it or nothing: what a scrape shows a part of would be counted again by the next owner.
          const given = additions.splice(0);
          merged.add(given);
          guest.unscraped.add(given);
          guest.told = said.told;
          if (!said.earlier) listener?.counted(guest.pid, given);
        } else if (said.state !== undefined) states.push(reader.read(said.state));
        else if (said.collected !== undefined) {
          merged.setStates(guest, states.splice(0));
          guest.asked = undefined;
          guest.merged = true;
          guest.whenAnswered();
        } else if (said.lives !== undefined) listener?.vitals(guest.pid, said.lives);
        else if (said.scrape !== undefined) void this.#scrapeFor(lines, said.scrape);
        else throw new Error('it is not understood');
      },
      (why) => {
        if (why !== undefined) {
          // The reason may quote what was said, which is anybody's.
          log.debug(`what a process said: ${JSON.stringify(why.message)}`);
          this.#refuse(guest?.pid, 'it is not understood');
        }
        if (guest === undefined) return;
        this.#guests.delete(guest);
        merged.leave(guest);
        listener?.left(guest.pid);
        this.unscraped.add(guest.unscraped.read());
        guest.whenAnswered();
      },
    );
  }

  /** Has every member say what is new. One that does not in time is left out; what it said until then stays. */
  async collect(): Promise<void> {
    const question = ++this.#question;
    const answers: Promise<void>[] = [];
    for (const guest of this.#guests) {
      // Who has not answered the last question is not waited for again.
      if (guest.asked !== undefined) continue;
      guest.asked = question;
      answers.push(
        new Promise((resolve) => {
          guest.whenAnswered = resolve;
        }),
      );
      guest.lines.send({ collect: question } satisfies ToFollower);
    }
    if (answers.length > 0) await inTime(Promise.all(answers));
    for (const { asked } of this.#guests) if (asked !== undefined) this.late++;
  }

  /** A scrape is being made of all that was told until now. @returns to be told once somebody has been given it */
  read(): () => void {
    const { last } = this.unscraped;
    const read = Array.from(this.#guests, (guest) => ({ guest, told: guest.told, here: guest.unscraped.last }));
    return () => {
      this.unscraped.scraped(last);
      for (const { guest, told, here } of read) {
        guest.unscraped.scraped(here);
        // Nothing is sent in vain: one that is stopped does not read it. A later scrape may have been given before.
        if (told <= guest.scraped || !this.#guests.has(guest)) continue;
        guest.scraped = told;
        guest.lines.send({ scraped: told } satisfies ToFollower);
      }
    };
  }

  /**
   * Leaves to a member, at once, what the next owner has to begin with: for a process that is about to end. The one that
   * came last will mostly be there the longest.
   */
  handOver(own: readonly ScopeMetrics[]): void {
    const heir = [...this.#guests].at(-1);
    if (heir === undefined) return;
    this.unscraped.add(own);
    for (const left of encodeScopes(this.unscraped.read())) heir.lines.send({ left } satisfies ToFollower);
    heir.lines.send({ all: true } satisfies ToFollower);
  }

  /** @param kept whether the next owner is told by this one what the members have said here */
  close(kept: boolean): void {
    for (const { lines, told } of this.#guests) {
      if (kept) lines.send({ kept: told } satisfies ToFollower);
      lines.end();
    }
  }

  #greet(lines: JsonLines, hello: Hello | undefined): Peer | undefined {
    const { settings, welcome } = this.#options;
    const { protocol, pid } = hello ?? {};
    if (protocol === undefined || typeof pid !== 'string' || !/^\d{1,20}(\.\d{1,20})?$/.test(pid)) {
      throw new Error('it is not understood');
    }
    const reason =
      protocol !== PROTOCOL
        ? 'of another version of @org/apm'
        : hello?.settings !== settings
          ? 'set up otherwise (APM_BUCKETS, APM_METRIC_NAMES or APM_AUTH_TOKEN)'
          : undefined;
    if (reason !== undefined) {
      this.#refuse(pid, `it is ${reason}`);
      lines.send({ refused: `that process is ${reason}` } satisfies ToFollower);
      lines.end();
      return undefined;
    }
    const guest: Peer = {
      pid,
      lines,
      asked: undefined,
      merged: false,
      told: 0,
      scraped: 0,
      unscraped: new IncrementLog(),
      whenAnswered() {},
    };
    this.#guests.add(guest);
    this.shared = true;
    lines.send({ welcome: { ...welcome, owner: this.id } } satisfies ToFollower);
    return guest;
  }

  #refuse(pid: string | undefined, why: string): void {
    this.refused++;
    if (this.refused === 1)
      log.warn(`process ${pid ?? '?'} is not merged into the metrics of this one: ${why}`, 'state');
  }

  async #scrapeFor(lines: JsonLines, text: number): Promise<void> {
    try {
      for (const piece of await this.#options.scrape()) {
        lines.send({ text, piece: piece.toString() } satisfies ToFollower);
      }
      lines.send({ text } satisfies ToFollower);
    } catch {
      lines.send({ text, failed: true } satisfies ToFollower);
    }
  }
}

async function inTime(answers: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE);
    timer.unref();
  });
  await Promise.race([answers, late]);
  clearTimeout(timer);
}
