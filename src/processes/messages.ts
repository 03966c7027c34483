import type { VitalSigns } from '../metrics/vitals.ts';
import type { Part } from './wire-format.ts';

/** Changes with the meaning of any message. Who speaks another is turned away, and tried again later. */
export const PROTOCOL = 1;

/**
 * What a process says when it has connected to the owner.
 * @property settings  a digest of what must be alike for metrics to be merged
 * @property pid       of the process; a thread's has its number appended
 */
export interface Hello {
  readonly protocol: number;
  readonly settings: string;
  readonly pid: string;
}

/**
 * @property owner    changes when another process takes over, which then has counted nothing yet
 * @property address  of the metrics server; absent where the app's own answers the scrape
 */
export interface Welcome {
  readonly owner: string;
  readonly pid: string;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}

/** What the owner says. */
export type ToFollower = Partial<{
  welcome: Welcome;
  /** Why not. */
  refused: string;
  /** Asks for everything that is new. */
  collect: number;
  /** All that was told up to this number is in a scrape that was made. */
  scraped: number;
  /** What was told up to this number is passed on to the next owner; nobody else may. */
  kept: number;
  /** What the owner leaves behind, to be told to the next one; and that this was all. */
  left: Part;
  all: true;
  /** A piece of the scrape asked for by this number, or its end. */
  text: number;
  piece: string;
  failed: true;
}>;

/** What a member says. */
export type ToLeader = Partial<{
  hello: Hello;
  add: Part;
  /** What was added before belongs together, and has this number. */
  told: number;
  /** It is what was counted under an earlier owner, and not just now. */
  earlier: true;
  state: Part;
  /** All that is new has been said. */
  collected: number;
  /** How it does, for the live page. */
  lives: VitalSigns;
  /** Asks for the scrape, where it is the member that was asked for it. */
  scrape: number;
}>;
